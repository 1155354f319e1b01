// What the HTTP transport and the mailer share: owners for libcurl's handles, and the options that
// every connection has. One easy handle is used by one thread at a time.
#pragma once

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys::net {

struct FreeCurl {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Easy = std::unique_ptr<CURL, FreeCurl>;
using Lines = std::unique_ptr<curl_slist, FreeCurl>;
using Url = std::unique_ptr<CURLU, FreeCurl>;

// These calls only fail without memory, or if libcurl was built without TLS.
inline void require_curl(bool done) {
  if (!done) throw Exception(Error(Errc::internal, "libcurl failed"));
}

// Must have been called before any other function here.
inline void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  require_curl(started == CURLE_OK);
}

inline Easy new_easy() {
  Easy easy(curl_easy_init());
  require_curl(easy != nullptr);
  return easy;
}

template <class Value>
void set(const Easy& easy, CURLoption option, Value value) {
  static_assert(sizeof(Value) == sizeof(long), "libcurl reads a long or a pointer");
  require_curl(curl_easy_setopt(easy.get(), option, value) == CURLE_OK);
}

inline void add_line(Lines& lines, const std::string& line) {
  curl_slist* longer = curl_slist_append(lines.get(), line.c_str());
  require_curl(longer != nullptr);
  static_cast<void>(lines.release());
  lines.reset(longer);
}

// Returns null if libcurl cannot read the URL, or does not know its scheme.
inline Url parse_url(const std::string& text) {
  Url url(curl_url());
  require_curl(url != nullptr);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

// A part of the URL, or empty.
inline std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, void (*)(void*)> owner(text, curl_free);
  return text;
}

// Whether the host is in 127.0.0.0/8, ::1 or localhost, as part_of() returns it.
inline bool is_loopback(const std::string& host) {
  if (curl_strequal(host.c_str(), "localhost") != 0) return true;
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  if (host.size() < 2 || host.front() != '[') return false;
  in6_addr six{};
  return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &six) == 1 &&
         std::equal(std::begin(six.s6_addr), std::end(six.s6_addr),
                    std::begin(in6addr_loopback.s6_addr));
}

// What libcurl says about a failure. It names hosts and ports, never users, passwords or contents.
using ErrorText = std::array<char, CURL_ERROR_SIZE>;

inline std::string describe(CURLcode code, const ErrorText& text) {
  return text[0] != '\0' ? text.data() : curl_easy_strerror(code);
}

// TLS is verified, the environment names no proxy, and no signal is raised.
inline void set_connection(const Easy& easy, const std::string& ca_file, std::int64_t timeout_ms,
                           ErrorText& text) {
  // To libcurl, 0 means no limit at all.
  set(easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::clamp<std::int64_t>(timeout_ms, 1, 3'600'000)));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) {
    set(easy, CURLOPT_CAINFO, ca_file.c_str());
    set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  text[0] = '\0';
  set(easy, CURLOPT_ERRORBUFFER, text.data());
}

}  // namespace resys::net
