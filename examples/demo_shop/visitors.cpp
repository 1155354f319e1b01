// Cookies:
//   resys_guest    32 hexadecimal digits, random: whoever has it is that guest
//   resys_account  user id "." expiry in seconds "." HMAC-SHA256 of both, in hexadecimal digits
// Nothing about them is stored, so that they outlive a restart.
#include "visitors.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>

#include "key_file.hpp"

namespace demo {
namespace {

constexpr std::string_view kGuest = "resys_guest";
constexpr std::string_view kAccount = "resys_account";
constexpr std::size_t kSessionDigits = 32;
constexpr std::int64_t kMaxAgeSeconds = 30 * 24 * 3600;

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view pair = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_session_id(std::string_view text) {
  return text.size() == kSessionDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string set_cookie(std::string_view name, std::string_view value, std::int64_t max_age) {
  return std::string(name).append("=").append(value).append("; Path=/; Max-Age=") +
         std::to_string(max_age) + "; HttpOnly; SameSite=Lax";
}

}  // namespace

Visitors::Visitors(std::string key, std::string staff_token)
    : key_(std::move(key)), staff_token_(std::move(staff_token)) {}

std::string Visitors::sign(std::string_view text) const {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const std::string purpose = "demo shop account cookie:" + std::string(text);
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
       reinterpret_cast<unsigned char*>(mac.data()), &size);
  mac.resize(size);
  return to_hex(mac);
}

Visitor Visitors::recognize(std::string_view cookies, resys::Timestamp now) const {
  Visitor visitor;
  if (const std::string_view id = cookie_value(cookies, kGuest); is_session_id(id)) {
    visitor.session_id = id;
  }
  const std::string_view value = cookie_value(cookies, kAccount);
  const std::size_t signature = std::min(value.rfind('.'), value.size());
  const std::string_view text = value.substr(0, signature);
  if (signature == value.size() ||
      !equal_in_constant_time(sign(text), value.substr(signature + 1))) {
    return visitor;
  }
  const std::size_t dot = text.rfind('.');
  std::int64_t expires = 0;
  std::from_chars(text.data() + dot + 1, text.data() + text.size(), expires);
  if (expires <= now.seconds()) return visitor;
  for (const Account& account : kAccounts) {
    if (account.user_id == text.substr(0, dot)) visitor.account = &account;
  }
  return visitor;
}

const Account* Visitors::check(std::string_view email, std::string_view password) const {
  for (const Account& account : kAccounts) {
    if (account.email == email && equal_in_constant_time(account.password, password)) {
      return &account;
    }
  }
  return nullptr;
}

bool Visitors::is_staff(std::string_view authorization) const {
  constexpr std::string_view scheme = "Bearer ";
  return authorization.starts_with(scheme) &&
         equal_in_constant_time(authorization.substr(scheme.size()), staff_token_);
}

std::string Visitors::guest_cookie(std::string_view session_id) const {
  return set_cookie(kGuest, session_id, kMaxAgeSeconds);
}

std::string Visitors::account_cookie(const Account& account, resys::Timestamp now) const {
  const std::string text =
      std::string(account.user_id) + "." + std::to_string(now.seconds() + kMaxAgeSeconds);
  return set_cookie(kAccount, text + "." + sign(text), kMaxAgeSeconds);
}

std::string Visitors::sign_out_cookie() const { return set_cookie(kAccount, "", 0); }

}  // namespace demo
