#include "config/test_files.hpp"

#include "catch.hpp"

using orch::count_skips;
using orch::is_test_file;

TEST_CASE("tests are known by the usual names") {
  for (const char* path :
       {"tests/a.py", "src/test/java/A.java", "pkg/a_test.go", "web/a.spec.ts", "web/a.test.tsx",
        "test_a.py", "src/__tests__/a.js", "A/FooTest.java", "FooTests.cs", "spec/a_spec.rb",
        "tests.rs", "e2e/login.ts", "src/FooIT.java"}) {
    INFO(path);
    CHECK(is_test_file(path));
  }
  for (const char* path : {"src/latest.c", "contest.py", "attestation/a.go", "testimony.md",
                           "src/protest.ts", "docs/testing.md", "src/SIT.java"}) {
    INFO(path);
    CHECK_FALSE(is_test_file(path));
  }
}

TEST_CASE("skips are counted in the usual languages") {
  CHECK(count_skips("@pytest.mark.skip(reason='x')\ndef test_a(): pass\n") == 1);
  CHECK(count_skips("it.skip('a', () => {}); xit('b'); describe.only('c')") == 3);
  CHECK(count_skips("func TestA(t *testing.T) { t.Skip(\"later\") }") == 1);
  CHECK(count_skips("#[test]\n#[ignore = \"slow\"]\nfn a() {}") == 1);
  CHECK(count_skips("@Disabled\n@Test void a() {}\nTEST(Foo, DISABLED_Bar) {}") == 2);
  CHECK(count_skips("it('skips what is empty', () => { exit(0); text('x') })") == 0);
  CHECK(count_skips("") == 0);
}
