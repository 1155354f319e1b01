// Encryption of what must be readable again but never seen: payment settings and client secrets.
//
//   sealed := "v1." key-id "." base64(nonce[12] ciphertext tag[16])      AES-256-GCM
//   additional data := store "\n" owner "\n" key-id                      so that a row copied
//   elsewhere does not open
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "resys/host.hpp"

namespace resys::app {

class SecretBox {
 public:
  SecretBox() = default;
  // `keys`: id (1..40 of a-z 0-9 - _) -> 32 bytes; `current`: the id that seals. No keys: nothing
  // can be sealed.
  static Result<SecretBox> make(std::map<std::string, std::string> keys, std::string current);

  bool can_seal() const noexcept { return !current_.empty(); }
  // `owner` is the id of the row that the text belongs to. invalid_state without a key.
  Result<std::string> seal(RandomSource& random, std::string_view store, std::string_view owner,
                           std::string_view plain) const;
  // `storage` if the key is unknown or the text was not sealed for this store and owner.
  Result<std::string> open(std::string_view store, std::string_view owner,
                           std::string_view sealed) const;

 private:
  std::map<std::string, std::string> keys_;
  std::string current_;
};

}  // namespace resys::app
