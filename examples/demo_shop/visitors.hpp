// Who is asking: a guest by a random cookie, an account by a signed one, staff by a token.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "resys/host.hpp"

namespace demo {

struct Account {
  std::string_view user_id;
  std::string_view name;
  std::string_view email;
  std::string_view password;
};
inline constexpr std::array<Account, 2> kAccounts{{
    {"user-ada", "Ada", "ada@example.com", "ada-likes-tea"},
    {"user-grace", "Grace", "grace@example.com", "grace-likes-coffee"},
}};

struct Visitor {
  std::string session_id;            // of the guest; empty: no (valid) cookie came
  const Account* account = nullptr;  // null: not signed in
};

class Visitors {
 public:
  // `key` signs; `staff_token` is what staff send.
  Visitors(std::string key, std::string staff_token);

  // Reads a Cookie header.
  Visitor recognize(std::string_view cookies, resys::Timestamp now) const;
  // The account of this e-mail and password, or null.
  const Account* check(std::string_view email, std::string_view password) const;
  // Whether an Authorization header is that of staff.
  bool is_staff(std::string_view authorization) const;

  // Set-Cookie headers. A guest's session lives on beside the account until the carts are merged.
  std::string guest_cookie(std::string_view session_id) const;
  std::string account_cookie(const Account& account, resys::Timestamp now) const;
  std::string sign_out_cookie() const;

 private:
  std::string sign(std::string_view text) const;

  std::string key_;
  std::string staff_token_;
};

}  // namespace demo
