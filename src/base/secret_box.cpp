// Encryption of payment settings and client secrets at rest; the format is drawn in the header.
#include "base/secret_box.hpp"

#include <optional>

#include "base/crypto.hpp"

namespace resys::app {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::string_view kVersion = "v1.";

std::string additional_data(std::string_view store, std::string_view owner,
                            std::string_view key_id) {
  std::string data(store);
  data.append("\n").append(owner).append("\n").append(key_id);
  return data;
}

struct Parts {
  std::string_view key_id;
  std::string_view rest;
};

// The parts of a sealed text or a fingerprint.
std::optional<Parts> parts_of(std::string_view text) {
  if (text.substr(0, kVersion.size()) != kVersion) return std::nullopt;
  text.remove_prefix(kVersion.size());
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  return Parts{text.substr(0, dot), text.substr(dot + 1)};
}

bool valid_key_id(std::string_view id) {
  if (id.empty() || id.size() > 40) return false;
  return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

}  // namespace

Result<SecretBox> SecretBox::make(std::map<std::string, std::string> keys, std::string current) {
  for (const auto& [id, key] : keys) {
    if (!valid_key_id(id) || key.size() != kKeyBytes) {
      return Error(Errc::invalid_request,
                   valid_key_id(id) ? "the secret key does not have 32 bytes"
                                    : "the id of the secret key is not 1 to 40 of a-z 0-9 - _")
          .at("secretKeys")
          .with("id", id);
    }
  }
  if (keys.size() == 1 && current.empty()) current = keys.begin()->first;
  if (keys.empty() != current.empty() || (!current.empty() && keys.count(current) == 0)) {
    return Error(Errc::invalid_request, keys.size() > 1 && current.empty()
                                            ? "there are several secret keys, and secret_key_id "
                                              "does not name the one for new secrets"
                                            : "secret_key_id names none of the secret keys")
        .at("secretKeyId");
  }
  SecretBox box;
  box.keys_ = std::move(keys);
  box.current_ = std::move(current);
  return box;
}

Result<std::string> SecretBox::seal(RandomSource& random, std::string_view store,
                                    std::string_view owner, std::string_view plain) const {
  if (!can_seal()) {
    return Error(Errc::invalid_state, "the shop was opened without a key to encrypt secrets with");
  }
  std::string nonce(kNonceBytes, '\0');
  random.fill(reinterpret_cast<std::uint8_t*>(nonce.data()), nonce.size());
  const std::string& key = keys_.at(current_);
  const std::string sealed = net::seal(key, nonce, additional_data(store, owner, current_), plain);
  return std::string(kVersion) + current_ + "." + net::base64(nonce + sealed);
}

Result<std::string> SecretBox::open(std::string_view store, std::string_view owner,
                                    std::string_view sealed) const {
  const Error unreadable(Errc::storage, "a stored secret cannot be decrypted");
  const auto parts = parts_of(sealed);
  if (!parts) return unreadable;
  const std::string key_id(parts->key_id);
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) {
    return Error(Errc::storage, "the key of a stored secret is not among the shop's keys")
        .with("keyId", key_id);
  }
  RESYS_TRY(bytes, net::from_base64(parts->rest));
  if (bytes.size() < kNonceBytes) return unreadable;
  const std::string_view view(bytes);
  return net::unseal(key->second, view.substr(0, kNonceBytes),
                     additional_data(store, owner, key_id), view.substr(kNonceBytes));
}

std::vector<std::string> SecretBox::key_ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, key] : keys_) ids.push_back(id);
  return ids;
}

std::string_view SecretBox::key_id_of(std::string_view text) {
  const auto parts = parts_of(text);
  return parts ? parts->key_id : std::string_view();
}

std::string SecretBox::fingerprint_with(std::string_view key_id, std::string_view key,
                                        std::string_view text) {
  const std::string derived = net::hmac_sha256(key, "resys fingerprint");
  return std::string(kVersion).append(key_id).append(".").append(
      net::hex(net::hmac_sha256(derived, text)));
}

std::string SecretBox::fingerprint(std::string_view text) const {
  return fingerprint_with(current_, keys_.at(current_), text);
}

bool SecretBox::is_fingerprint_of(std::string_view fingerprint, std::string_view text) const {
  const auto key = keys_.find(std::string(key_id_of(fingerprint)));
  return key != keys_.end() &&
         net::equal_in_constant_time(fingerprint, fingerprint_with(key->first, key->second, text));
}

}  // namespace resys::app
