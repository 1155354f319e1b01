// Encryption of payment settings and client secrets at rest; the format is drawn in the header.
#include "app/secret_box.hpp"

#include "net/crypto.hpp"

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

bool valid_key_id(std::string_view id) {
  if (id.empty() || id.size() > 40) return false;
  return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

}  // namespace

Result<SecretBox> SecretBox::make(std::map<std::string, std::string> keys, std::string current) {
  for (const auto& [id, key] : keys) {
    if (!valid_key_id(id) || key.size() != kKeyBytes) {
      return Error(Errc::invalid_request,
                   "a secret key has an id of 1 to 40 of a-z 0-9 - _ and 32 bytes")
          .at("secretKeys")
          .with("id", id);
    }
  }
  if (keys.empty() != current.empty() || (!current.empty() && keys.count(current) == 0)) {
    return Error(Errc::invalid_request, "secret_key_id must name one of secret_keys")
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
  if (sealed.substr(0, kVersion.size()) != kVersion) return unreadable;
  sealed.remove_prefix(kVersion.size());
  const std::size_t dot = sealed.find('.');
  if (dot == std::string_view::npos) return unreadable;
  const std::string key_id(sealed.substr(0, dot));
  const auto key = keys_.find(key_id);
  if (key == keys_.end()) {
    return Error(Errc::storage, "the key of a stored secret is not among the shop's keys")
        .with("keyId", key_id);
  }
  RESYS_TRY(bytes, net::from_base64(sealed.substr(dot + 1)));
  if (bytes.size() < kNonceBytes) return unreadable;
  const std::string_view view(bytes);
  return net::unseal(key->second, view.substr(0, kNonceBytes),
                     additional_data(store, owner, key_id), view.substr(kNonceBytes));
}

}  // namespace resys::app
