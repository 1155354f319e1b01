// Replays a scenario's steps in C++: `cpp_runner DATABASE`. A line on stdin is a step,
// tab-separated: store, audience, user, session, idempotency key, operation, request; a line on
// stdout is its answer, {"answer":...} or {"error":{...}}. replay.py drives it.
#include <iostream>
#include <nlohmann/json.hpp>
#include <resys/resys.hpp>
#include <sstream>

namespace {

nlohmann::json error_of(const resys::Error& error) {
  const resys::ErrorInfo& info = resys::error_info(error.code());
  return {{"code", info.name},
          {"message", error.message()},
          {"field", error.field()},
          {"details", nlohmann::json::parse(resys::details_json(error))},
          {"retry", resys::retry_name(info.retry)}};
}

resys::Result<std::string> run(resys::Shop& shop, const std::string& line) {
  std::istringstream fields(line);
  resys::Caller caller;
  std::string audience, operation, request;
  std::getline(fields, caller.store, '\t');
  std::getline(fields, audience, '\t');
  std::getline(fields, caller.user_id, '\t');
  std::getline(fields, caller.session_id, '\t');
  std::getline(fields, caller.idempotency_key, '\t');
  std::getline(fields, operation, '\t');
  std::getline(fields, request);
  if (audience == "staff") caller.audience = resys::Audience::staff;
  if (operation != "dueWork") return resys::call(shop, caller, operation, request);
  while (shop.run_due_work().value().more) {
  }
  return std::string("{}");
}

}  // namespace

int main(int, char** arguments) {
  const auto shop =
      resys::Shop::open({.database = std::string("sqlite:") + arguments[1],
                         .secret_keys = {{"k1", std::string(32, '0')}},
                         .secret_key_id = "k1",
                         .processors = {resys::test_processor(), resys::manual_processor()}})
          .value();
  for (std::string line; std::getline(std::cin, line);) {
    const resys::Result<std::string> answer = run(*shop, line);
    nlohmann::json out;
    if (answer) {
      out["answer"] = nlohmann::json::parse(answer.value());
    } else {
      out["error"] = error_of(answer.error());
    }
    std::cout << out.dump() << std::endl;
  }
}
