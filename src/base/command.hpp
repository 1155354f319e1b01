// How a command begins and how it is made repeatable.
//
// Every write runs through run_command(). With an idempotency key, it claims the key's row in the
// transaction of the effect. The row holds the request's hash and the ids of the result, never the
// result itself. A replay skips the body, and the result is loaded again from the ids. A refusal
// rolls the row back with everything else. A request that holds secrets is hashed under a secret
// key of the shop. Otherwise somebody who has the database could guess the secrets and compare the
// hashes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/actor.hpp"
#include "base/context.hpp"
#include "base/fields.hpp"

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

// invalid_request at taxCategory if the store's tax settings have no such category.
Result<void> require_tax_category(const Scope& scope, std::string_view category);

// The caller, as the one who caused something.
rows::ActorRef actor_of(const Caller& caller);

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

// ---- running a command

// Which request this is, for its idempotency key.
struct RequestKey {
  std::string_view operation;
  std::string fingerprint;  // empty if the caller has no idempotency key
  bool holds_secrets = false;
};

// A struct that several operations take needs the operation's name.
template <class Request>
RequestKey request_key(const Caller& caller, const Request& request,
                       std::string_view operation = fields::schema_of<Request>().name) {
  return {operation, caller.idempotency_key.empty() ? "" : fields::fingerprint(request),
          fields::schema_of<Request>().holds_secrets};
}

// Runs `first` in a transaction of the caller's, and keeps the text that it returns under the
// caller's idempotency key. A repetition runs `again` with this text instead. Both may run more
// than once. Errors: theirs, idempotency_mismatch, the database's.
Result<void> run_once(const Context& context, const Caller& caller, const RequestKey& key,
                      const std::function<Result<std::string>(const Scope&)>& first,
                      const std::function<Result<void>(const Scope&, std::string_view)>& again);

// Whether the idempotency key was used before: then run_command() makes no effect. For a command
// that asks somebody outside before its transaction.
bool is_repetition(const Scope& scope, const Caller& caller, const RequestKey& key);

// What is kept of a command's result: its id, or all of it if it has none. It is a text, a number,
// or something that is written with text() and read with parse().
template <class Made>
const auto& kept_part(const Made& made) {
  if constexpr (requires { made.id; }) {
    return made.id;
  } else {
    return made;
  }
}
template <class Kept>
std::string kept_text(const Kept& kept) {
  if constexpr (std::is_same_v<Kept, std::string>) {
    return kept;
  } else if constexpr (std::is_same_v<Kept, std::int64_t>) {
    return std::to_string(kept);
  } else {
    return kept.text();
  }
}
template <class Kept>
Result<Kept> parse_kept(std::string_view text) {
  if constexpr (std::is_same_v<Kept, std::string>) {
    return std::string(text);
  } else if constexpr (std::is_same_v<Kept, std::int64_t>) {
    return std::stoll(std::string(text));
  } else {
    return Kept::parse(text);
  }
}

// The types of a command, by its `body` and `load`.
template <class Body, class Load>
struct CommandTypes {
  using Made = typename std::invoke_result_t<Body, const Scope&>::value_type;
  using Kept = std::remove_cvref_t<decltype(kept_part(std::declval<const Made&>()))>;
  using Answer = std::invoke_result_t<Load, const Scope&, const Kept&>;
};

// Runs a command in one transaction. `body(scope)` makes the effect, and returns the result or its
// id. `load(scope, id)` makes the result of an id, also for a repetition.
template <class Body, class Load>
typename CommandTypes<Body, Load>::Answer run_command(const Context& context, const Caller& caller,
                                                      const RequestKey& key, const Body& body,
                                                      const Load& load) {
  using Types = CommandTypes<Body, Load>;
  using Answer = typename Types::Answer;
  using Kept = typename Types::Kept;
  std::optional<Answer> answer;
  const auto reload = [&](const Scope& scope, const Kept& kept) -> Result<void> {
    answer.emplace(load(scope, kept));
    if (answer->has_error()) return answer->error();
    return success();
  };
  const auto first = [&](const Scope& scope) -> Result<std::string> {
    RESYS_TRY(made, body(scope));
    std::string kept = kept_text(kept_part(made));
    if constexpr (std::is_same_v<Result<typename Types::Made>, Answer>) {
      answer.emplace(std::move(made));
    } else {
      RESYS_TRYV(reload(scope, made));
    }
    return kept;
  };
  const auto again = [&](const Scope& scope, std::string_view text) -> Result<void> {
    RESYS_TRY(kept, parse_kept<Kept>(text));
    return reload(scope, kept);
  };
  RESYS_TRYV(run_once(context, caller, key, first, again));
  return std::move(*answer);
}

template <class Request, class Body, class Load>
typename CommandTypes<Body, Load>::Answer run_command(const Context& context, const Caller& caller,
                                                      const Request& request, const Body& body,
                                                      const Load& load) {
  return run_command(context, caller, request_key(caller, request), body, load);
}

// The same for a command whose result is kept as a whole.
template <class Body>
std::invoke_result_t<Body, const Scope&> run_command(const Context& context, const Caller& caller,
                                                     const RequestKey& key, const Body& body) {
  using Made = std::invoke_result_t<Body, const Scope&>;
  return run_command(
      context, caller, key, body,
      [](const Scope&, const typename Made::value_type& made) -> Made { return made; });
}

// The parts of what a command has kept, separated by blanks.
std::vector<std::string_view> split_ids(std::string_view kept);

// For the work of a command after its first commit. `storage` and `busy` mean that nothing was
// stored, which is no longer true then, so they become outcome_unknown.
Error error_after_commit(const Error& error);
template <class T>
Result<T> after_commit(Result<T> result) {
  if (result.has_error()) return error_after_commit(result.error());
  return result;
}

}  // namespace resys::app
