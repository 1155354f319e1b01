// SHA-256, HMAC and AES-256-GCM of OpenSSL, and the text forms of bytes.
#include "base/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

namespace resys::net {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

// Never returns null, which OpenSSL does not take for an empty text.
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.empty() ? "" : text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// OpenSSL only fails here without memory, or if its installation is broken.
void require(bool done) {
  if (!done) throw Exception(Error(Errc::internal, "OpenSSL failed"));
}

// OpenSSL would read past the end of shorter texts.
void require_sizes(std::string_view key, std::string_view nonce) {
  if (key.size() != kKeyBytes || nonce.size() != kNonceBytes) {
    throw Exception(Error(Errc::internal, "the key does not have 32 bytes, or the nonce not 12"));
  }
}

// The cipher is looked up once, because OpenSSL would do so for each use.
const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const found = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  require(found != nullptr);
  return found;
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* cipher) const { EVP_CIPHER_CTX_free(cipher); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

using Update = int (*)(EVP_CIPHER_CTX*, unsigned char*, int*, const unsigned char*, int);

std::string update(const Cipher& cipher, Update update_cipher, std::string_view text) {
  std::string out(text.size(), '\0');
  int length = 0;
  require(update_cipher(cipher.get(), bytes_of(out), &length, bytes_of(text),
                        static_cast<int>(text.size())) == 1);
  return out;
}

void add(const Cipher& cipher, Update update_cipher, std::string_view additional) {
  int length = 0;
  require(update_cipher(cipher.get(), nullptr, &length, bytes_of(additional),
                        static_cast<int>(additional.size())) == 1);
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::string out(32, '\0');
  unsigned length = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), bytes_of(out), &length, EVP_sha256(), nullptr) ==
          1);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(32, '\0');
  unsigned length = 0;
  require(HMAC(EVP_sha256(), bytes_of(key), static_cast<int>(key.size()), bytes_of(bytes),
               bytes.size(), bytes_of(out), &length) != nullptr);
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
  return out;
}

Result<std::string> from_base64(std::string_view text) {
  const Error malformed(Errc::invalid_request, "the text is not base64");
  if (text.size() % 4 != 0) return malformed;
  // OpenSSL would skip blanks and take padding anywhere.
  const std::size_t end = text.find('=');
  const std::string_view padding = end == std::string_view::npos ? "" : text.substr(end);
  if (padding != "" && padding != "=" && padding != "==") return malformed;
  if (text.find_first_of(" \t\r\n-") != std::string_view::npos) return malformed;
  std::string out(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size())) < 0) {
    return malformed;
  }
  out.resize(out.size() - padding.size());
  return out;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string seal(std::string_view key, std::string_view nonce, std::string_view additional,
                 std::string_view plain) {
  require_sizes(key, nonce);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  require(cipher != nullptr);
  require(EVP_EncryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, bytes_of(key),
                             bytes_of(nonce)) == 1);
  add(cipher, EVP_EncryptUpdate, additional);
  std::string sealed = update(cipher, EVP_EncryptUpdate, plain);
  int length = 0;
  require(EVP_EncryptFinal_ex(cipher.get(), nullptr, &length) == 1);
  std::string tag(kTagBytes, '\0');
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data()) == 1);
  return sealed + tag;
}

Result<std::string> unseal(std::string_view key, std::string_view nonce,
                           std::string_view additional, std::string_view sealed) {
  require_sizes(key, nonce);
  const Error unreadable(Errc::storage, "a stored secret cannot be decrypted");
  if (sealed.size() < kTagBytes) return unreadable;
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  const Cipher cipher(EVP_CIPHER_CTX_new());
  require(cipher != nullptr);
  require(EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, bytes_of(key),
                             bytes_of(nonce)) == 1);
  add(cipher, EVP_DecryptUpdate, additional);
  std::string plain =
      update(cipher, EVP_DecryptUpdate, sealed.substr(0, sealed.size() - kTagBytes));
  require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  int length = 0;
  if (EVP_DecryptFinal_ex(cipher.get(), nullptr, &length) != 1) return unreadable;
  return plain;
}

}  // namespace resys::net
