// Requests of any bytes: handle() always makes a response that a client can read.
#include "fuzz/fuzzed_shop.hpp"
#include "fuzz/requests.hpp"
#include "support/callers.hpp"

using namespace resys;
using namespace resys::test;
using Json = nlohmann::json;

namespace {

// A path of the table with something in place of its parameters, or nothing that was ever a path.
std::string target(Decisions& decisions, const Requests& requests, const std::string& path) {
  if (decisions.one_in(16)) return decisions.bytes(200);
  std::string made;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '{') {
      made += path[at];
      continue;
    }
    made += requests.text(decisions);
    at = path.find('}', at);
  }
  if (decisions.one_in(3)) made += "?" + decisions.bytes(100);
  return made;
}

void check(const HttpResponse& response, const std::string& context) {
  if (response.status < 200 || response.status > 599) fail("no status of HTTP", context);
  if (response.status == 500) fail("an input was a defect: " + response.body, context);
  const Json body = Json::parse(response.body, nullptr, false);
  if (body.is_discarded()) fail("a body is not JSON: " + response.body, context);
  if (body.contains("openapi")) return;
  if (!body.contains("success") || body.at("success") != (response.status == 200)) {
    fail("an envelope does not say what the status says: " + response.body, context);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  static FuzzedShop fuzzed;
  static const Requests requests;
  fuzzed.renew_now_and_then();
  Decisions decisions(bytes, count);
  const Json& operation = decisions.pick(requests.operations());
  HttpRequest request;
  request.method =
      decisions.one_in(8) ? decisions.bytes() : operation.at("method").get<std::string>();
  request.target = target(decisions, requests, operation.at("path"));
  request.headers.emplace_back("Content-Type",
                               decisions.one_in(8) ? decisions.bytes() : "application/json");
  if (decisions.one_in(4)) request.headers.emplace_back("Idempotency-Key", decisions.bytes(250));
  if (decisions.one_in(4)) request.headers.emplace_back(decisions.bytes(), decisions.bytes());
  if (decisions.one_in(2)) {
    request.body =
        requests.make(decisions, operation).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (decisions.one_in(2))
      request.body.insert(decisions.below(request.body.size()), decisions.all());
  } else {
    request.body = decisions.all();
  }
  const Caller caller = operation.at("audience") == "staff" ? staff() : shopper();
  check(fuzzed.shop().handle(caller, request),
        request.method + " " + request.target + "\n" + request.body);
  return 0;
}
