// How a command begins and how it is made repeatable.
//
// Every write runs through run_command(): with an idempotency key it claims the key's row in the
// transaction of the effect. The row holds the request's hash and the result's ids, never the
// answer: a replay skips the body and the caller builds the answer anew from the ids. Refusals roll
// the row back with everything else.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/context.hpp"
#include "fields/fields.hpp"

namespace resys::app {

// forbidden unless the caller is staff.
Result<void> require_staff(const Caller& caller);
// unauthenticated without a user id.
Result<void> require_user(const Caller& caller);
// unauthenticated with neither user nor session.
Result<void> require_identity(const Caller& caller);

// Audience before shape: what a staff operation checks first.
template <class Request>
Result<void> check_staff(const Caller& caller, const Request& request) {
  RESYS_TRYV(require_staff(caller));
  RESYS_TRYV(fields::check(caller));
  return fields::check(request);
}

// The same for an operation of a shopper, who is a user or a guest session.
template <class Request>
Result<void> check_shopper(const Caller& caller, const Request& request) {
  RESYS_TRYV(require_identity(caller));
  RESYS_TRYV(fields::check(caller));
  return fields::check(request);
}

// The effect. Answers the ids from which the answer can be rebuilt. May run more than once.
using CommandBody = std::function<Result<std::string>(db::Transaction&)>;

struct CommandOutcome {
  std::string ids;
  bool replayed = false;
};

// `operation` and `fingerprint` say which request this is; a struct that several operations take
// needs their names. Errors: the body's, idempotency_mismatch, the database's.
Result<CommandOutcome> run_command(Context& context, const Caller& caller,
                                   std::string_view operation, const std::string& fingerprint,
                                   Timestamp now, const CommandBody& body);

template <class Request>
Result<CommandOutcome> run_command(Context& context, const Caller& caller, const Request& request,
                                   Timestamp now, const CommandBody& body) {
  const std::string fingerprint =
      caller.idempotency_key.empty() ? std::string() : fields::fingerprint(request);
  return run_command(context, caller, fields::type_name<Request>(), fingerprint, now, body);
}

}  // namespace resys::app
