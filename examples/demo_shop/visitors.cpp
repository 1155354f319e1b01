// Cookies:
//   resys_guest    32 hexadecimal digits, random: the holder is that guest
//   resys_account  32 hexadecimal digits, random: the token of a session (sessions.hpp)
// Both outlive a restart.
#include "visitors.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace demo {
namespace {

constexpr std::string_view kGuest = "resys_guest";
constexpr std::string_view kAccount = "resys_account";
constexpr std::size_t kSessionDigits = 32;

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

Visitors::Visitors(Sessions& sessions, std::string staff_token)
    : sessions_(sessions), staff_token_(std::move(staff_token)) {}

Visitor Visitors::recognize(std::string_view cookies, resys::Timestamp now) const {
  Visitor visitor;
  if (const std::string_view id = cookie_value(cookies, kGuest); is_session_id(id)) {
    visitor.session_id = id;
  }
  const auto user = sessions_.user_of(cookie_value(cookies, kAccount), now);
  for (const Account& account : kAccounts) {
    if (user == account.user_id) visitor.account = &account;
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
  return set_cookie(kGuest, session_id, kSessionSeconds);
}

std::string Visitors::sign_in(std::string_view cookies, const Account& account,
                              resys::RandomSource& random, resys::Timestamp now) const {
  sessions_.end(cookie_value(cookies, kAccount));
  return set_cookie(kAccount, sessions_.begin(random, account.user_id, now), kSessionSeconds);
}

std::string Visitors::sign_out(std::string_view cookies) const {
  sessions_.end(cookie_value(cookies, kAccount));
  return set_cookie(kAccount, "", 0);
}

}  // namespace demo
