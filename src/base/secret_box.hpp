// Encryption of what must be readable again but never seen: payment settings and client secrets.
//
//   sealed := "v1." key-id "." base64(nonce[12] ciphertext tag[16])      AES-256-GCM
//   additional data := store "\n" owner "\n" key-id                      so that a row copied
//   elsewhere does not open
//
// Also makes fingerprints of requests that hold secrets. Without the key nobody can guess the
// secrets and compare the fingerprint.
//
//   fingerprint := "v1." key-id "." hex(HMAC-SHA-256(derived key, text))
//   derived key := HMAC-SHA-256(key, "resys fingerprint")                so that no key has two
//   uses
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "resys/host.hpp"

namespace resys::app {

class SecretBox {
 public:
  SecretBox() = default;
  // `keys`: id (1..40 of a-z 0-9 - _) -> 32 bytes; `current`: the id that seals; empty: the only
  // one. No keys: nothing can be sealed.
  static Result<SecretBox> make(std::map<std::string, std::string> keys, std::string current);

  bool can_seal() const noexcept { return !current_.empty(); }
  // The id of the key that seals; empty: none.
  const std::string& current() const noexcept { return current_; }
  std::vector<std::string> key_ids() const;
  // The id of the key that has sealed this text or made this fingerprint. Empty if the text is
  // neither.
  static std::string_view key_id_of(std::string_view text);
  // `owner` is the id of the row that the text belongs to. invalid_state without a key.
  Result<std::string> seal(RandomSource& random, std::string_view store, std::string_view owner,
                           std::string_view plain) const;
  // `storage` if the key is unknown or the text was not sealed for this store and owner.
  Result<std::string> open(std::string_view store, std::string_view owner,
                           std::string_view sealed) const;

  // Made with the current key, which must exist.
  std::string fingerprint(std::string_view text) const;
  // Also checks fingerprints of older keys. Returns false if the key is not there.
  bool is_fingerprint_of(std::string_view fingerprint, std::string_view text) const;

 private:
  static std::string fingerprint_with(std::string_view key_id, std::string_view key,
                                      std::string_view text);

  std::map<std::string, std::string> keys_;
  std::string current_;
};

}  // namespace resys::app
