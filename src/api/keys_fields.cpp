// The fields of what a rotation of keys has done.
#include "api/keys_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<KeyUse>() {
  static const Schema schema = make_schema<KeyUse>(
      "KeyUse", field("id", &KeyUse::id, "The key's id"),
      field("isKnown", &KeyUse::is_known, "Whether the shop was opened with this key"),
      field("paymentMethods", &KeyUse::payment_methods,
            "Number of payment methods whose secret settings it encrypts"),
      field("clientSecrets", &KeyUse::client_secrets,
            "Number of open payments whose client secret it encrypts"),
      field("unreadable", &KeyUse::unreadable,
            "Number of these settings and client secrets that it does not decrypt"));
  return schema;
}

template <>
const Schema& schema_of<KeyRotation>() {
  static const Schema schema = make_schema<KeyRotation>(
      "KeyRotation",
      field("currentKeyId", &KeyRotation::current_key_id, "Id of the key that encrypts"),
      field("resealed", &KeyRotation::resealed,
            "Number of settings and client secrets that were encrypted anew, with the current key"),
      field(
          "dropped", &KeyRotation::dropped,
          "Number of client secrets dropped because their key is missing; they are fetched again"),
      field("keys", &KeyRotation::keys,
            "What each key encrypts; a key that encrypts nothing can be left out"));
  return schema;
}

}  // namespace resys::fields
