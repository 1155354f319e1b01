// How a command begins and how it is made repeatable.
//
// Every write runs through run_command(). With an idempotency key, it claims the key's row in the
// transaction of the effect. The row holds the request's hash and the ids of the result, never the
// result itself. A replay skips the body, and the caller builds the result again from the ids. A
// refusal rolls the row back with everything else. A request that holds secrets is hashed under a
// secret key of the shop. Otherwise somebody who has the database could guess the secrets and
// compare the hashes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/context.hpp"
#include "fields/fields.hpp"
#include "store/actor.hpp"

namespace resys::app {

// forbidden unless the caller is staff.
Result<void> require_staff(const Caller& caller);
// unauthenticated without a user id.
Result<void> require_user(const Caller& caller);
// unauthenticated with neither user nor session.
Result<void> require_identity(const Caller& caller);

// unsupported_currency if the request names a currency, and it is not the one that its amounts are
// meant in.
Result<void> require_currency(const std::optional<Currency>& said,
                              const std::optional<Currency>& meant);

// The caller, as the one who caused something.
store::ActorRef actor_of(const Caller& caller);

// Every staff operation begins with this. It checks the audience before the shape, and returns the
// normalized request.
template <class Request>
Result<Request> staff_request(const Caller& caller, const Request& given) {
  RESYS_TRYV(require_staff(caller));
  RESYS_TRYV(fields::check(caller));
  return fields::accept(given);
}

// The same for an operation of a shopper, who is a user or a guest with a session.
template <class Request>
Result<Request> shopper_request(const Caller& caller, const Request& given) {
  RESYS_TRYV(require_identity(caller));
  RESYS_TRYV(fields::check(caller));
  return fields::accept(given);
}

// The same for an operation that anybody may call.
template <class Request>
Result<Request> open_request(const Caller& caller, const Request& given) {
  RESYS_TRYV(fields::check(caller));
  return fields::accept(given);
}

// The effect of a command. Returns the ids from which the result can be built again. May run more
// than once.
using CommandBody = std::function<Result<std::string>(db::Transaction&)>;

struct CommandOutcome {
  std::string ids;
  bool replayed = false;
};

// The ids that a body has returned, separated by blanks.
std::vector<std::string_view> split_ids(std::string_view ids);

// Whether a request may hold secrets, which nobody may learn from its stored hash.
enum class Holds { no_secrets, secrets };

// `operation` and `fingerprint` say which request this is; a struct that several operations take
// needs their names. Errors: the body's, idempotency_mismatch, the database's.
Result<CommandOutcome> run_command(Context& context, const Caller& caller,
                                   std::string_view operation, const std::string& fingerprint,
                                   Timestamp now, const CommandBody& body,
                                   Holds holds = Holds::no_secrets);

// For the work of a command after its first commit. `storage` and `busy` mean that nothing was
// stored, which is no longer true then, so they become outcome_unknown.
Error error_after_commit(const Error& error);
template <class T>
Result<T> after_commit(Result<T> result) {
  if (result.has_error()) return error_after_commit(result.error());
  return result;
}

template <class Request>
Result<CommandOutcome> run_command(Context& context, const Caller& caller, const Request& request,
                                   Timestamp now, const CommandBody& body) {
  const std::string fingerprint =
      caller.idempotency_key.empty() ? std::string() : fields::fingerprint(request);
  const fields::Schema& schema = fields::schema_of<Request>();
  const Holds holds = schema.holds_secrets ? Holds::secrets : Holds::no_secrets;
  return run_command(context, caller, schema.name, fingerprint, now, body, holds);
}

}  // namespace resys::app
