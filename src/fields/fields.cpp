// The limits executed, and the bytes of a fingerprint.
#include "fields/fields.hpp"

namespace resys::fields {
namespace {

Error refuse(std::string accepted) { return Error(Errc::invalid_request, std::move(accepted)); }

std::string count(std::int64_t least, std::int64_t most, std::string_view what) {
  std::string out = least == most ? std::to_string(most)
                    : least == 0  ? "at most " + std::to_string(most)
                                  : std::to_string(least) + " to " + std::to_string(most);
  return out.append(" ").append(what);
}

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// As browsers do (HTML, "valid e-mail address"): what every mail server takes unquoted.
bool is_email(std::string_view text) {
  const auto is_alphanumeric = [](char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '.' || c == '-';
  };
  const auto is_local = [&](char c) {
    return is_alphanumeric(c) || std::string_view("!#$%&'*+/=?^_`{|}~").find(c) != text.npos;
  };
  const std::size_t at = text.find('@');
  if (at == text.npos || at == 0 || at + 1 == text.size()) return false;
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  return std::all_of(local.begin(), local.end(), is_local) &&
         std::all_of(domain.begin(), domain.end(), is_alphanumeric);
}

// The countries of ISO 3166-1, three characters each: a code and a blank.
constexpr std::string_view kIsoCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ "
    "DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP "
    "GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG "
    "KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML "
    "MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE "
    "PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL "
    "SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM "
    "US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

bool is_country(std::string_view text) {
  constexpr std::size_t width = 3;
  if (text.size() != width - 1) return false;
  for (std::size_t at = 0; at < kIsoCountries.size(); at += width) {
    if (kIsoCountries.substr(at, width - 1) == text) return true;
  }
  return false;
}

bool fits(Pattern pattern, std::string_view text) {
  const auto all = [&](auto accepts) { return std::all_of(text.begin(), text.end(), accepts); };
  switch (pattern) {
    case Pattern::slug:
      return all([](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
    case Pattern::store:
      return all([](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
    case Pattern::coupon_code:
      return all(
          [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '-' || c == '_'; });
    case Pattern::country:
      return is_country(text);
    case Pattern::email:
      return is_email(text);
    case Pattern::line:
    case Pattern::lines:
    case Pattern::raw:
      break;
  }
  return true;
}

std::string_view accepted(Pattern pattern) {
  switch (pattern) {
    case Pattern::slug:
      return "only a-z, 0-9 and - are accepted";
    case Pattern::store:
      return "only a-z, 0-9, - and _ are accepted";
    case Pattern::coupon_code:
      return "only A-Z, a-z, 0-9, - and _ are accepted";
    case Pattern::country:
      return "a country is its two upper-case letters of ISO 3166-1";
    default:
      return "an e-mail address is expected";
  }
}

// How many bytes the UTF-8 character at the front has; 0 if it is none (RFC 3629: no overlong form,
// no surrogate, nothing above U+10FFFF).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                           : first >= 0xE0 && first <= 0xEF ? 3
                           : first >= 0xF0 && first <= 0xF4 ? 4
                                                            : 0;
  if (size == 0 || text.size() < size) return 0;
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return size;
}

bool is_refused_control(char letter, Pattern pattern) {
  if (static_cast<unsigned char>(letter) >= 0x20) return false;
  return pattern != Pattern::lines || (letter != '\n' && letter != '\t' && letter != '\r');
}

Result<std::int64_t> count_characters(std::string_view text, Pattern pattern) {
  std::int64_t characters = 0;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return refuse("text must be valid UTF-8");
    if (is_refused_control(text.front(), pattern)) {
      return refuse("control characters are not accepted");
    }
    text.remove_prefix(size);
    ++characters;
  }
  return characters;
}

Result<void> check_bytes(std::string_view name, std::string_view value, std::int64_t least,
                         std::int64_t most, Pattern pattern) {
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < least || size > most) {
    return refuse("a text of " + count(least, most, "bytes") + " is expected")
        .at(std::string(name))
        .with("limit", size < least ? least : most);
  }
  auto checked = check_text(text(least, most, pattern), value);
  if (checked.has_error()) return inside(std::string(name), std::move(checked).error());
  return success();
}

}  // namespace

Error missing() { return refuse("this field is needed"); }

Error inside(std::string path, Error error) {
  const std::string& rest = error.field();
  if (!rest.empty() && rest.front() != '[') path += '.';
  path += rest;
  return std::move(error).at(std::move(path));
}

Result<void> check_text(const Limit& limit, std::string_view value) {
  if (limit.pattern == Pattern::raw) return success();
  RESYS_TRY(characters, count_characters(value, limit.pattern));
  if (characters < limit.least || characters > limit.most) {
    return refuse("a text of " + count(limit.least, limit.most, "characters") + " is expected")
        .with("limit", characters < limit.least ? limit.least : limit.most);
  }
  if (!fits(limit.pattern, value)) return refuse(std::string(accepted(limit.pattern)));
  return success();
}

Result<void> check_integer(const Limit& limit, std::int64_t value) {
  if (value >= limit.least && value <= limit.most) return success();
  return refuse("an integer from " + std::to_string(limit.least) + " to " +
                std::to_string(limit.most) + " is expected")
      .with("limit", value < limit.least ? limit.least : limit.most);
}

Result<void> check_count(const Limit& limit, std::size_t items) {
  const auto size = static_cast<std::int64_t>(items);
  if (size >= limit.least_items && size <= limit.most_items) return success();
  return refuse("a list of " + count(limit.least_items, limit.most_items, "items") + " is expected")
      .with("limit", size < limit.least_items ? limit.least_items : limit.most_items);
}

Result<void> check_moment(Timestamp value) {
  // The years that RFC 3339 can write: 0000 to 9999.
  constexpr std::int64_t first = -62'167'219'200 * kMicrosPerSecond;
  constexpr std::int64_t beyond = 253'402'300'800 * kMicrosPerSecond;
  if (value.micros >= first && value.micros < beyond) return success();
  return refuse("a time between the years 0 and 9999 is expected");
}

Result<void> check_pairs(const Limit& limit, const Options& pairs) {
  if (limit.pattern == Pattern::raw) return success();
  RESYS_TRYV(check_count(limit, pairs.size()));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string& name = pairs[i].first;
    RESYS_TRYV(check_text(text(1, kMaxOptionName), name));
    auto checked = check_text(limit, pairs[i].second);
    if (checked.has_error()) return inside(name, std::move(checked).error());
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::any_of(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return refuse("each name is given once").at(name);
    }
  }
  return success();
}

Result<void> check(const Caller& caller) {
  RESYS_TRYV(check_bytes("storeId", caller.store, 1, kMaxStoreBytes, Pattern::store));
  RESYS_TRYV(check_bytes("userId", caller.user_id, 0, kMaxIdentityBytes, Pattern::line));
  RESYS_TRYV(check_bytes("sessionId", caller.session_id, 0, kMaxIdentityBytes, Pattern::line));
  return check_bytes("idempotencyKey", caller.idempotency_key, 0, kMaxIdentityBytes, Pattern::line);
}

void append(std::string& out, std::string_view value) {
  out.append(std::to_string(value.size())).append(1, ':').append(value);
}

void append(std::string& out, std::int64_t value) { append(out, std::to_string(value)); }

}  // namespace resys::fields
