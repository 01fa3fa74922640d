#include "orch/base/record.hpp"

#include "catch.hpp"

using namespace orch;

TEST_CASE("a record comes back as it was written, whatever its bytes") {
  Record record;
  record.add("argv", "sh");
  record.add("argv", "");
  record.add("argv", "a 3\nx\n");
  record.add("code", -7);
  record.add("bytes", std::string_view("\0\xff\n", 3));
  CHECK(record.encode().starts_with("argv 2\nsh\nargv 0\n\n"));

  const auto back = Record::decode(record.encode());
  REQUIRE(back);
  CHECK(back->all("argv") == std::vector<std::string>{"sh", "", "a 3\nx\n"});
  CHECK(back->number("code") == -7);
  CHECK(back->get("bytes") == std::string("\0\xff\n", 3));
  CHECK(back->encode() == record.encode());
}

TEST_CASE("the first field of a name is found, or none") {
  Record record;
  record.add("a", "1");
  record.add("a", "2x");
  CHECK(*record.find("a") == "1");
  CHECK(record.find("b") == nullptr);
  CHECK(record.get("b").empty());
  CHECK(record.number("b", 9) == 9);
  CHECK(record.all("b").empty());
  Record other;
  other.add("a", "2x");
  CHECK(other.number("a", 5) == 5);
}

TEST_CASE("a record cut anywhere inside a field is recognised") {
  Record record;
  record.add("one", "first");
  record.add("two", "second\n");
  const std::string bytes = record.encode();
  const std::size_t border = std::string_view("one 5\nfirst\n").size();
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    CAPTURE(cut);
    CHECK(Record::decode(bytes.substr(0, cut)).has_value() == (cut == border));
  }
  CHECK(Record::decode("").has_value());
}

TEST_CASE("what makes no sense is corrupt and the byte is named") {
  const auto why = [](std::string_view bytes) { return Record::decode(bytes).error(); };
  CHECK(why("name\n").what == "no field name and length at byte 0");
  CHECK(why(" 1\nx\n").what == "no field name and length at byte 0");
  CHECK(why("a x\n").what == "no length of a value at byte 2");
  CHECK(why("a -1\n").what == "no length of a value at byte 2");
  CHECK(why("a 1 \nx\n").what == "no length of a value at byte 2");
  CHECK(why("a 1\nx").what == "the value at byte 4 is cut short");
  CHECK(why("a 1\nxy").what == "no end of the value at byte 5");
  CHECK(why("a 18446744073709551615\nx\n").what == "the value at byte 23 is cut short");
  CHECK(why("a 99999999999999999999999\nx\n").what == "no length of a value at byte 2");
  CHECK(why("a 1\nx\nb 5\n").fault == Fault::Corrupt);
}
