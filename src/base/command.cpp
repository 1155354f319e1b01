// How a command begins and how it is made repeatable; see the header.
#include "base/command.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/idempotency_rows.hpp"
#include "base/settings_rows.hpp"

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

Result<void> require_tax_category(const Scope& scope, std::string_view category) {
  if (category == kStandardTaxCategory) return success();
  const auto categories = rows::load_tax_settings(scope).categories;
  if (std::find(categories.begin(), categories.end(), category) != categories.end()) {
    return success();
  }
  return Error(Errc::invalid_request, "the tax settings have no such category").at("taxCategory");
}

rows::ActorRef actor_of(const Caller& caller) {
  switch (caller.audience) {
    case Audience::staff:
      return {Actor::staff, caller.user_id};
    case Audience::processor:
      return {Actor::processor, caller.user_id};
    case Audience::shopper:
      break;
  }
  return {Actor::shopper, caller.user_id};
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
  RequestHash(const SecretBox& secrets, std::string_view store, const rows::IdempotencyKey& row,
              const RequestKey& request)
      : secrets_(secrets), plain_(net::hex(net::sha256(request.fingerprint))) {
    // A shop without a secret key refuses secrets, so the request then holds none.
    is_keyed_ = request.holds_secrets && secrets.can_seal();
    // The hash depends on the idempotency key, so that equal secrets have different hashes.
    for (const std::string_view part :
         {store, row.identity, row.operation, row.key, std::string_view(request.fingerprint)}) {
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

std::vector<std::string_view> split_ids(std::string_view kept) {
  std::vector<std::string_view> parts;
  for (std::size_t blank = kept.find(' '); blank != kept.npos; blank = kept.find(' ')) {
    parts.push_back(kept.substr(0, blank));
    kept.remove_prefix(blank + 1);
  }
  parts.push_back(kept);
  return parts;
}

Result<void> run_once(const Context& context, const Caller& caller, const RequestKey& key,
                      const std::function<Result<std::string>(const Scope&)>& first,
                      const std::function<Result<void>(const Scope&, std::string_view)>& again) {
  if (caller.idempotency_key.empty()) {
    const auto body = [&](const Scope& scope) -> Result<void> {
      RESYS_TRYV(first(scope));
      return success();
    };
    return context.write(caller.store, body, actor_of(caller));
  }
  const std::string identity = identity_of(caller);
  const rows::IdempotencyKey row{identity, key.operation, caller.idempotency_key};
  const RequestHash hash(context.secrets, caller.store, row, key);
  const auto body = [&](const Scope& scope) -> Result<void> {
    if (rows::claim_idempotency_key(scope, row, hash.to_store())) {
      RESYS_TRY(kept, first(scope));
      rows::set_idempotent_result(scope, row, kept);
      return success();
    }
    const rows::IdempotentResult earlier = rows::find_idempotent_result(scope, row).value();
    if (hash.is(earlier.request_hash)) return again(scope, earlier.kept);
    return Error(Errc::idempotency_mismatch,
                 "the idempotency key was already used with another request")
        .at("idempotencyKey");
  };
  return context.write(caller.store, body, actor_of(caller));
}

bool is_repetition(const Scope& scope, const Caller& caller, const RequestKey& key) {
  if (caller.idempotency_key.empty()) return false;
  const std::string identity = identity_of(caller);
  return rows::find_idempotent_result(scope, {identity, key.operation, caller.idempotency_key})
      .has_value();
}

Error error_after_commit(const Error& error) {
  if (error.code() != Errc::storage && error.code() != Errc::busy) return error;
  Error unknown(Errc::outcome_unknown, "the outcome could not be read: " + error.message());
  for (const Fact& fact : error.facts()) unknown = std::move(unknown).with(fact);
  return unknown;
}

}  // namespace resys::app
