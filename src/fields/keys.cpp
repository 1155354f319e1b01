// The fields of what a rotation of keys has done.
#include "fields/keys.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<KeyUse>() {
  static const Schema schema = make_schema<KeyUse>(
      "KeyUse", field("id", &KeyUse::id, "the key's id"),
      field("isKnown", &KeyUse::is_known, "the shop was opened with it"),
      field("paymentMethods", &KeyUse::payment_methods, "whose settings it encrypts"),
      field("clientSecrets", &KeyUse::client_secrets, "of payments that are open"),
      field("unreadable", &KeyUse::unreadable, "of both, what it does not open"));
  return schema;
}

template <>
const Schema& schema_of<KeyRotation>() {
  static const Schema schema = make_schema<KeyRotation>(
      "KeyRotation", field("currentKeyId", &KeyRotation::current_key_id, "the key that encrypts"),
      field("resealed", &KeyRotation::resealed, "how many things are now encrypted with it"),
      field("dropped", &KeyRotation::dropped,
            "client secrets that no key opens, where keys may be missing; they are fetched again"),
      field("keys", &KeyRotation::keys, "what each key encrypts; unused ones can be left out"));
  return schema;
}

}  // namespace resys::fields
