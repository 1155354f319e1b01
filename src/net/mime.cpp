// Everything is encoded so that a server can neither misread nor change it: ASCII, short lines, no
// dot and no blank where they have a meaning.
#include "net/mime.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/crypto.hpp"

namespace resys::net {
namespace {

constexpr std::size_t kLongestAddress = 254;  // RFC 5321
constexpr std::size_t kLongestLine = 76;
// Quoted-printable has no "=_", so no body can contain it.
constexpr std::string_view kBoundary = "=_resys";

bool is_plain(char letter) { return letter >= ' ' && letter <= '~'; }

bool is_control(char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == 127; }

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return text.size() <= kLongestAddress && at != 0 && at < text.size() - 1 &&
         at == text.rfind('@') && std::all_of(text.begin(), text.end(), is_plain) &&
         text.find_first_of(" <>()[]\\,;:\"") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

// Words of at most 36 bytes that end between two letters, one per line.
std::string encoded_words(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    std::size_t count = std::min<std::size_t>(utf8.size(), 36);
    while (count > 33 && count < utf8.size() && (utf8[count] & 0xC0) == 0x80) --count;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base64(utf8.substr(0, count)) + "?=";
    utf8.remove_prefix(count);
  }
  return out;
}

bool needs_encoding(std::string_view text) {
  return text.size() > 60 || text.find("=?") != std::string_view::npos ||
         !std::all_of(text.begin(), text.end(), is_plain);
}

std::string subject_text(std::string_view text) {
  return needs_encoding(text) ? encoded_words(text) : std::string(text);
}

std::string mailbox_text(const Mailbox& mailbox) {
  const std::string address = "<" + mailbox.address + ">";
  if (mailbox.name.empty()) return address;
  if (needs_encoding(mailbox.name)) return encoded_words(mailbox.name) + "\r\n " + address;
  std::string name;
  for (const char letter : mailbox.name) {
    if (letter == '"' || letter == '\\') name += '\\';
    name += letter;
  }
  return "\"" + name + "\" " + address;
}

// The names do not depend on the host's locale.
std::string date_text(std::chrono::sys_seconds now) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %u %s %d %02d:%02d:%02d +0000",
                days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return out.data();
}

void append_line(std::string& out, std::string_view line) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char letter = line[i];
    const bool blank_at_end = (letter == ' ' || letter == '\t') && i + 1 == line.size();
    const bool as_it_is =
        (is_plain(letter) || letter == '\t') && letter != '=' && letter != '.' && !blank_at_end;
    const bool dot_inside = letter == '.' && column > 0 && column + 1 < kLongestLine;
    const std::size_t width = as_it_is || dot_inside ? 1 : 3;
    if (column + width >= kLongestLine) {
      out += "=\r\n";
      column = 0;
    }
    if (width == 1) {
      out += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      out += {'=', digits[byte >> 4], digits[byte & 15]};
    }
    column += width;
  }
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_line(out, line);
    if (end < text.size()) out += "\r\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string body_part(std::string_view type, std::string_view text) {
  return "Content-Type: " + std::string(type) +
         "; charset=utf-8\r\n"
         "Content-Transfer-Encoding: quoted-printable\r\n\r\n" +
         quoted_printable(text);
}

std::string body_text(const Mail& mail) {
  if (mail.html.empty()) return body_part("text/plain", mail.text);
  const std::string boundary(kBoundary);
  const std::string start = "--" + boundary + "\r\n";
  return "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n" + start +
         body_part("text/plain", mail.text) + "\r\n" + start + body_part("text/html", mail.html) +
         "\r\n--" + boundary + "--\r\n";
}

// A message id needs a part after the @. The shop has none, so it is the sender's domain.
std::string message_id_text(const std::string& id, const Mailbox& from) {
  return "<" + id + (id.find('@') == std::string::npos ? "@" + from.domain() : "") + ">";
}

}  // namespace

Result<Mailbox> parse_mailbox(std::string_view text) {
  Mailbox mailbox{{}, std::string(trimmed(text))};
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && trimmed(text).ends_with('>')) {
    mailbox.name = unquoted(trimmed(text.substr(0, open)));
    mailbox.address = text.substr(open + 1, text.rfind('>') - open - 1);
  }
  if (is_address(mailbox.address) && !has_control(mailbox.name)) return mailbox;
  return Error(Errc::invalid_request,
               "the sender is not written Name <name@example.com>, or as the address alone")
      .at("from");
}

Result<void> check_mail(const Mail& mail) {
  if (!is_address(mail.to)) {
    return Error(Errc::invalid_request, "the recipient is not one e-mail address in ASCII")
        .at("to");
  }
  if (has_control(mail.subject)) {
    return Error(Errc::invalid_request, "the subject has a line break or another control character")
        .at("subject");
  }
  const bool id_is_plain = std::all_of(mail.message_id.begin(), mail.message_id.end(), is_plain);
  if (!id_is_plain || mail.message_id.find_first_of(" <>") != std::string::npos) {
    return Error(Errc::invalid_request,
                 "the message id has a blank, an angle bracket or a character that is not ASCII")
        .at("messageId");
  }
  return success();
}

std::string mime_text(const Mail& mail, const Mailbox& from, std::chrono::sys_seconds now) {
  std::string out = "Date: " + date_text(now) + "\r\nFrom: " + mailbox_text(from) + "\r\nTo: <" +
                    mail.to + ">\r\nSubject: " + subject_text(mail.subject) + "\r\n";
  if (!mail.message_id.empty()) {
    out += "Message-ID: " + message_id_text(mail.message_id, from) + "\r\n";
  }
  // Keeps automatic replies away (RFC 3834).
  out += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
  return out + body_text(mail);
}

}  // namespace resys::net
