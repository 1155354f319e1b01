// Two things are sealed: the settings of payment methods, which are few, and the client secrets of
// open payments. A payment that has ended keeps no secret. So all sealed texts can be checked
// whenever a shop is opened.
#include "shop/keys.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "base/settings_rows.hpp"
#include "order/rows.hpp"
#include "payment/rows.hpp"

namespace resys::app {
namespace {

constexpr std::size_t kBatch = 50;  // rows that one transaction seals anew

// One sealed text. It belongs to a payment method or to a payment.
struct Sealed {
  std::string store;
  PaymentMethodId method;  // else empty
  PaymentId payment;
  std::string text;

  std::string owner() const { return method.empty() ? payment.text() : method.text(); }
};

Result<std::vector<Sealed>> list_sealed(Context& context) {
  return context.database->read([&](db::Transaction& tx) -> Result<std::vector<Sealed>> {
    std::vector<Sealed> all;
    for (const std::string& store : rows::list_stores(tx)) {
      const Scope scope{tx, store, {}, *context.ids, context};
      for (auto& each : rows::list_sealed_methods(scope)) {
        all.push_back({store, each.id, {}, std::move(each.sealed)});
      }
      for (auto& each : rows::list_sealed_payments(scope)) {
        all.push_back({store, {}, each.id, std::move(each.sealed)});
      }
    }
    return all;
  });
}

Result<std::string> open(const Context& context, const Sealed& sealed) {
  return context.secrets.open(sealed.store, sealed.owner(), sealed.text);
}

// The uses of each key, by its id. Text that names no key counts for the key without a name.
std::vector<KeyUse> count_uses(const Context& context, const std::vector<Sealed>& all) {
  std::map<std::string, KeyUse> uses;
  for (const std::string& id : context.secrets.key_ids()) {
    uses[id] = {.id = id, .is_known = true};
  }
  for (const Sealed& sealed : all) {
    const std::string id(SecretBox::key_id_of(sealed.text));
    KeyUse& use = uses[id];
    use.id = id;
    ++(sealed.method.empty() ? use.client_secrets : use.payment_methods);
    if (open(context, sealed).has_error()) ++use.unreadable;
  }
  std::vector<KeyUse> out;
  for (auto& [id, use] : uses) out.push_back(std::move(use));
  return out;
}

Error refusal(const KeyUse& use) {
  const std::string what = "payment methods (" + std::to_string(use.payment_methods) +
                           ") and client secrets (" + std::to_string(use.client_secrets) + ")";
  return Error(Errc::invalid_request,
               use.is_known
                   ? "the secret key " + use.id + " is not the one that encrypts " + what
                   : "the secret key " + use.id + ", which encrypts " + what + ", is missing")
      .at("secretKeys")
      .with("keyId", use.id)
      .with("paymentMethods", use.payment_methods)
      .with("clientSecrets", use.client_secrets);
}

class Rotation {
 public:
  Rotation(Context& context, const ProgressFunction& progress)
      : context_(context), progress_(progress) {}

  Result<KeyRotation> run() {
    if (!context_.secrets.can_seal()) {
      return Error(Errc::invalid_state, "the shop was opened without a key to encrypt with");
    }
    report_.current_key_id = context_.secrets.current();
    RESYS_TRY(found, list_sealed(context_));
    std::erase_if(found, [&](const Sealed& sealed) { return is_current(sealed); });
    for (std::size_t at = 0; at < found.size(); at += kBatch) {
      RESYS_TRYV(tell(at, found.size()));
      RESYS_TRYV(seal({&found[at], std::min(kBatch, found.size() - at)}));
    }
    RESYS_TRYV(tell(found.size(), found.size()));
    RESYS_TRY(left, list_sealed(context_));
    report_.keys = count_uses(context_, left);
    return std::move(report_);
  }

 private:
  struct Change {
    const Sealed* sealed;
    std::string text;  // empty: none is kept
  };

  bool is_current(const Sealed& sealed) const {
    return SecretBox::key_id_of(sealed.text) == context_.secrets.current() &&
           open(context_, sealed).has_value();
  }

  // Returns nothing if the text has to stay as it is.
  Result<std::optional<std::string>> sealed_anew(const Sealed& sealed) const {
    const auto plain = open(context_, sealed);
    if (plain.has_error()) {
      const bool can_be_fetched = sealed.method.empty() && context_.allow_missing_keys;
      return can_be_fetched ? std::optional(std::string()) : std::nullopt;
    }
    RESYS_TRY(text,
              context_.secrets.seal(*context_.random, sealed.store, sealed.owner(), plain.value()));
    return std::optional(std::move(text));
  }

  Result<void> seal(std::span<const Sealed> batch) {
    std::vector<Change> changes;
    for (const Sealed& sealed : batch) {
      RESYS_TRY(text, sealed_anew(sealed));
      if (text) changes.push_back({&sealed, std::move(*text)});
    }
    using Counts = std::pair<std::int64_t, std::int64_t>;  // sealed anew, dropped
    RESYS_TRY(counts, context_.database->write([&](db::Transaction& tx) -> Result<Counts> {
      Counts done;
      for (const Change& change : changes) {
        const Scope scope{tx, change.sealed->store, {}, *context_.ids, context_};
        if (!write(scope, change)) continue;
        ++(change.text.empty() ? done.second : done.first);
      }
      return done;
    }));
    report_.resealed += counts.first;
    report_.dropped += counts.second;
    return success();
  }

  // Returns false if somebody else has written it in the meantime.
  static bool write(const Scope& scope, const Change& change) {
    const auto& [store, method, payment, before] = *change.sealed;
    if (!method.empty()) return rows::reseal_method(scope, method, before, change.text);
    rows::find_order_of(scope, payment);  // locks it
    return rows::reseal_payment(scope, payment, before, change.text);
  }

  Result<void> tell(std::size_t done, std::size_t total) const {
    if (!progress_) return success();
    return progress_({"seal", static_cast<std::int64_t>(done), static_cast<std::int64_t>(total)});
  }

  Context& context_;
  const ProgressFunction& progress_;
  KeyRotation report_;
};

}  // namespace

Result<void> require_keys(Context& context) {
  if (context.allow_missing_keys) return success();
  RESYS_TRY(sealed, list_sealed(context));
  for (const KeyUse& use : count_uses(context, sealed)) {
    if (use.unreadable == 0) continue;
    const bool opens_nothing = use.unreadable == use.payment_methods + use.client_secrets;
    if (opens_nothing && !use.id.empty()) return refusal(use);
    // The key opens other texts, so it is right. These rows were changed.
    context.log->write(LogLevel::error, "of what the secret key " + use.id + " encrypts, " +
                                            std::to_string(use.unreadable) + " cannot be read");
  }
  return success();
}

Result<KeyRotation> rotate_keys(Context& context, const ProgressFunction& progress) {
  return Rotation(context, progress).run();
}

}  // namespace resys::app
