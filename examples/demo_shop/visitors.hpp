// Who is asking: a guest by a random cookie, an account by the one of its session, staff by a
// token.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "resys/host.hpp"
#include "sessions.hpp"

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
  // `staff_token` is what staff send.
  Visitors(Sessions& sessions, std::string staff_token);

  // Reads a Cookie header.
  Visitor recognize(std::string_view cookies, resys::Timestamp now) const;
  // The account of this e-mail and password, or null.
  const Account* check(std::string_view email, std::string_view password) const;
  // Whether an Authorization header is that of staff.
  bool is_staff(std::string_view authorization) const;

  // Each returns a Set-Cookie header. Signing in and out ends the session that `cookies` name. A
  // guest's session lives on beside the account until the carts are merged.
  std::string guest_cookie(std::string_view session_id) const;
  std::string sign_in(std::string_view cookies, const Account& account, resys::RandomSource& random,
                      resys::Timestamp now) const;
  std::string sign_out(std::string_view cookies) const;

 private:
  Sessions& sessions_;
  std::string staff_token_;
};

}  // namespace demo
