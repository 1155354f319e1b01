// The text of a mail on the wire: RFC 5322 (message), 2045 (quoted-printable), 2046 (alternatives),
// 2047 (words in headers).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "resys/host.hpp"

namespace resys::net {

struct Mailbox {
  std::string name;  // UTF-8; may be empty
  std::string address;
  std::string domain() const { return address.substr(address.rfind('@') + 1); }
};

// "Shop <shop@example.com>", "\"Shop, Ltd\" <shop@example.com>" or "shop@example.com".
Result<Mailbox> parse_mailbox(std::string_view text);

// Refuses what is not one plain ASCII address, and texts that would become headers of their own.
Result<void> check_mail(const Mail& mail);

// The whole message, lines parted by CRLF. No line starts with a dot. `mail` has been checked.
std::string mime_text(const Mail& mail, const Mailbox& from, std::chrono::sys_seconds now);

}  // namespace resys::net
