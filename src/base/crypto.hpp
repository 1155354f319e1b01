// The few cryptographic functions the library needs, over OpenSSL. A leaf: app and payments include
// it too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys::net {

// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
// Standard alphabet with padding; else invalid_request.
Result<std::string> from_base64(std::string_view text);

// Takes the same time, wherever the texts differ.
bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

// AES-256-GCM. `key` has 32 bytes. `nonce` has 12, which must never be used twice with that key.
// Returns the ciphertext and the 16-byte tag.
std::string seal(std::string_view key, std::string_view nonce, std::string_view additional,
                 std::string_view plain);
// Returns the text that seal() was given. `storage` if the key, the nonce or any byte differs.
Result<std::string> unseal(std::string_view key, std::string_view nonce,
                           std::string_view additional, std::string_view sealed);

}  // namespace resys::net
