// The result of a key rotation as a document.
#include "api/keys_fields.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const KeyRotation& rotation) {
  std::string text;
  api::write(text, rotation);
  return text;
}

}  // namespace resys
