// How a command begins and how it is made repeatable; see the header.
#include "app/command.hpp"

#include "net/crypto.hpp"
#include "store/idempotency.hpp"

namespace resys::app {

Result<void> require_staff(const Caller& caller) {
  if (caller.audience != Audience::staff) return Error(Errc::forbidden, "the caller is not staff");
  return success();
}

Result<void> require_user(const Caller& caller) {
  if (caller.user_id.empty())
    return Error(Errc::unauthenticated, "the caller is not a signed-in user");
  return success();
}

Result<void> require_identity(const Caller& caller) {
  if (caller.user_id.empty() && caller.session_id.empty()) {
    return Error(Errc::unauthenticated, "the caller has neither a user nor a session");
  }
  return success();
}

Result<void> require_currency(const std::optional<Currency>& said,
                              const std::optional<Currency>& meant) {
  if (!said || said == meant) return success();
  Error error(Errc::unsupported_currency, "the amount is in another currency");
  if (meant) error = std::move(error).with("expectedCurrency", std::string(meant->code()));
  return std::move(error).at("currency").with("currency", std::string(said->code()));
}

store::ActorRef actor_of(const Caller& caller) {
  switch (caller.audience) {
    case Audience::staff:
      return {Actor::staff, caller.user_id};
    case Audience::processor:
      return {Actor::processor, {}};
    case Audience::shopper:
      break;
  }
  return {Actor::shopper, {}};
}

namespace {

// The owner of an idempotency key. Two callers may use the same key without knowing of each other.
std::string identity_of(const Caller& caller) {
  if (caller.audience == Audience::staff) return "staff:" + caller.user_id;
  if (!caller.user_id.empty()) return "user:" + caller.user_id;
  return "session:" + caller.session_id;
}

// The hash by which the request of an idempotency key is recognized.
class RequestHash {
 public:
  RequestHash(const SecretBox& secrets, const store::IdempotencyKey& key,
              const std::string& fingerprint, Holds holds)
      : secrets_(secrets), plain_(net::hex(net::sha256(fingerprint))) {
    // A shop without a secret key refuses secrets, so the request then holds none.
    is_keyed_ = holds == Holds::secrets && secrets.can_seal();
    // The hash depends on the idempotency key, so that equal secrets have different hashes.
    for (const std::string_view part :
         {key.store, key.identity, key.operation, key.key, std::string_view(fingerprint)}) {
      fields::append(bound_, part);
    }
  }

  std::string to_store() const { return is_keyed_ ? secrets_.fingerprint(bound_) : plain_; }
  bool is(const std::string& stored) const {
    return stored == plain_ || (is_keyed_ && secrets_.is_fingerprint_of(stored, bound_));
  }

 private:
  const SecretBox& secrets_;
  const std::string plain_;
  std::string bound_;
  bool is_keyed_;
};

}  // namespace

std::vector<std::string_view> split_ids(std::string_view ids) {
  std::vector<std::string_view> parts;
  for (std::size_t blank = ids.find(' '); blank != ids.npos; blank = ids.find(' ')) {
    parts.push_back(ids.substr(0, blank));
    ids.remove_prefix(blank + 1);
  }
  parts.push_back(ids);
  return parts;
}

Result<CommandOutcome> run_command(Context& context, const Caller& caller,
                                   std::string_view operation, const std::string& fingerprint,
                                   Timestamp now, const CommandBody& body, Holds holds) {
  if (caller.idempotency_key.empty()) {
    RESYS_TRY(ids, context.database->write(body));
    return CommandOutcome{std::move(ids), false};
  }
  const std::string identity = identity_of(caller);
  const store::IdempotencyKey key{caller.store, identity, operation, caller.idempotency_key};
  const RequestHash hash(context.secrets, key, fingerprint, holds);
  return context.database->write([&](db::Transaction& tx) -> Result<CommandOutcome> {
    if (!store::claim_idempotency_key(tx, key, hash.to_store(), now)) {
      const store::IdempotentResult earlier = store::load_idempotent_result(tx, key);
      if (!hash.is(earlier.request_hash)) {
        return Error(Errc::idempotency_mismatch,
                     "the idempotency key was already used with another request")
            .at("idempotencyKey");
      }
      return CommandOutcome{earlier.ids, true};
    }
    RESYS_TRY(ids, body(tx));
    store::set_idempotent_result(tx, key, ids);
    return CommandOutcome{std::move(ids), false};
  });
}

Error error_after_commit(const Error& error) {
  if (error.code() != Errc::storage && error.code() != Errc::busy) return error;
  Error unknown(Errc::outcome_unknown, "the outcome could not be read: " + error.message());
  for (const Fact& fact : error.facts()) unknown = std::move(unknown).with(fact);
  return unknown;
}

}  // namespace resys::app
