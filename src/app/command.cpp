// How a command begins and how it is made repeatable; see the header.
#include "app/command.hpp"

#include "net/crypto.hpp"
#include "store/idempotency.hpp"

namespace resys::app {

Result<void> require_staff(const Caller& caller) {
  if (caller.audience != Audience::staff)
    return Error(Errc::forbidden, "this operation is for staff");
  return success();
}

Result<void> require_user(const Caller& caller) {
  if (caller.user_id.empty())
    return Error(Errc::unauthenticated, "this operation needs a signed-in user");
  return success();
}

Result<void> require_identity(const Caller& caller) {
  if (caller.user_id.empty() && caller.session_id.empty()) {
    return Error(Errc::unauthenticated, "this operation needs a signed-in user or a session");
  }
  return success();
}

namespace {

// Who the key belongs to: the same text from two callers must never meet.
std::string identity_of(const Caller& caller) {
  if (caller.audience == Audience::staff) return "staff:" + caller.user_id;
  if (!caller.user_id.empty()) return "user:" + caller.user_id;
  return "session:" + caller.session_id;
}

}  // namespace

Result<CommandOutcome> run_command(Context& context, const Caller& caller,
                                   std::string_view operation, const std::string& fingerprint,
                                   Timestamp now, const CommandBody& body) {
  if (caller.idempotency_key.empty()) {
    RESYS_TRY(ids, context.database->write(body));
    return CommandOutcome{std::move(ids), false};
  }
  const std::string identity = identity_of(caller);
  const store::IdempotencyKey key{caller.store, identity, operation, caller.idempotency_key};
  const std::string request_hash = net::hex(net::sha256(fingerprint));
  return context.database->write([&](db::Transaction& tx) -> Result<CommandOutcome> {
    if (!store::claim_idempotency_key(tx, key, request_hash, now)) {
      const store::IdempotentResult earlier = store::load_idempotent_result(tx, key);
      if (earlier.request_hash != request_hash) {
        return Error(Errc::idempotency_mismatch,
                     "this idempotency key was used with another request")
            .at("idempotencyKey");
      }
      return CommandOutcome{earlier.ids, true};
    }
    RESYS_TRY(ids, body(tx));
    store::set_idempotent_result(tx, key, ids);
    return CommandOutcome{std::move(ids), false};
  });
}

}  // namespace resys::app
