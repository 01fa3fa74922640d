// Messages of the Model Context Protocol.
#include "catch.hpp"
#include "tools/mcp_messages.hpp"

using namespace orch::tools;

namespace {

int code_of(std::string_view line) {
  const McpRead read = read_mcp_line(line);
  return read.refusal.is_null() ? 0 : read.refusal["error"]["code"].get<int>();
}

}  // namespace

TEST_CASE("a request, a notification and an answer are told apart") {
  const McpRead request = read_mcp_line(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
  CHECK(request.message.wants_answer());
  CHECK(request.message.method == "ping");
  CHECK(request.message.params.is_object());
  CHECK_FALSE(read_mcp_line(R"({"method":"notifications/initialized"})").message.wants_answer());
  CHECK(read_mcp_line(R"({"id":1,"result":{}})").message.method.empty());
}

TEST_CASE("what is no message is refused by its kind") {
  CHECK(code_of("{") == -32700);
  CHECK(code_of("[]") == -32600);
  CHECK(code_of("7") == -32600);
  CHECK(code_of(R"({"id":1.5,"method":"ping"})") == -32600);
  CHECK(code_of(R"({"id":1,"method":[]})") == -32600);
  CHECK(code_of(R"({"jsonrpc":"2.0","id":1})") == -32600);
  CHECK(code_of(R"({"id":1,"method":"ping","params":7})") == -32602);
  CHECK(code_of(std::string(kLongestMcpLine + 1, ' ')) == -32600);
  CHECK(code_of(std::string(kLongestMcpLine, '[')) == -32700);
  CHECK(code_of("{\"id\":1,\"method\":\"\xff\"}") == -32700);
  const std::string deep = std::string(200'000, '[') + std::string(200'000, ']');
  CHECK(code_of(R"({"id":1,"method":"ping","params":{"a":)" + deep + "}}") == -32700);
  CHECK(code_of(R"({"id":1,"method":"ping","params":{"a":"[[[\"[[["}})") == 0);
}

TEST_CASE("the version of the client is taken where it is known") {
  CHECK(agreed_mcp_version("2024-11-05") == "2024-11-05");
  CHECK(agreed_mcp_version("2099-01-01") == agreed_mcp_version(""));
}
