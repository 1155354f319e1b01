// Rows of calls by name, with requests made from the description: whatever they hold, each is
// answered, and no answer is a defect.
#include "fuzz/fuzzed_shop.hpp"
#include "fuzz/requests.hpp"
#include "support/callers.hpp"

using namespace resys;
using namespace resys::test;
using Json = nlohmann::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  static FuzzedShop fuzzed;
  static Requests requests;
  if (fuzzed.renew_now_and_then()) requests.forget();
  Decisions decisions(bytes, count);
  std::string trace;
  while (!decisions.empty()) {
    const Json& operation = decisions.pick(requests.operations());
    const std::string name = operation.at("name");
    Caller caller = operation.at("audience") == "staff" && !decisions.one_in(8) ? staff()
                    : decisions.one_in(3)                                       ? guest()
                                                                                : shopper();
    if (decisions.one_in(4)) caller.session_id = "s1";
    if (decisions.one_in(8)) caller.idempotency_key = requests.text(decisions);
    if (decisions.one_in(32)) caller.store = requests.text(decisions);
    const Json request = requests.make(decisions, operation);
    const std::string text = request.dump(-1, ' ', false, Json::error_handler_t::replace);
    trace += name + " " + text.substr(0, 2'000) + "\n";
    const auto answer = call(fuzzed.shop(), caller, name, text);
    if (answer.has_error()) {
      check_error(answer.error(), trace);
    } else {
      requests.learn(Json::parse(answer.value()));
    }
    if (decisions.one_in(16)) fuzzed.clock->advance(kMicrosPerHour);
    if (decisions.one_in(16)) fuzzed.shop().run_due_work(20).value();
  }
  return 0;
}
