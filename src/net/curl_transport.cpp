// HTTP over libcurl. A few idle handles are kept, each with its open connections.
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "net/curl.hpp"
#include "resys/host.hpp"

namespace resys {
namespace {

using namespace net;

constexpr std::size_t kMostAnswerBytes = std::size_t{1} << 20;
constexpr std::size_t kMostIdleHandles = 8;
constexpr long kConnectTimeoutMs = 10'000;  // up to the end of the TLS handshake

// The response while it is being read.
struct Reader {
  IncomingResponse response;
  std::size_t header_bytes = 0;
  bool headers_ended = false;
  bool too_large = false;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void read_header(Reader& reader, std::string_view line) {
  reader.header_bytes += line.size();
  reader.too_large = reader.header_bytes > kMostAnswerBytes;
  // Each status line starts a new response. What came before was an interim response.
  if (line.starts_with("HTTP/")) {
    reader.response.headers.clear();
    reader.headers_ended = false;
  }
  if (trimmed(line).empty()) reader.headers_ended = true;
  const std::size_t colon = line.find(':');
  if (reader.too_large || colon == std::string_view::npos) return;
  reader.response.headers.emplace_back(trimmed(line.substr(0, colon)),
                                       trimmed(line.substr(colon + 1)));
}

void read_body(Reader& reader, std::string_view piece) {
  reader.too_large = piece.size() > kMostAnswerBytes - reader.response.body.size();
  if (!reader.too_large) reader.response.body.append(piece);
}

// libcurl is C, so no exception may pass through it. Another count than the given one stops it.
template <void (*read)(Reader&, std::string_view)>
std::size_t on_data(char* data, std::size_t, std::size_t count, void* reader) noexcept {
  try {
    read(*static_cast<Reader*>(reader), {data, count});
    return static_cast<Reader*>(reader)->too_large ? count + 1 : count;
  } catch (const std::bad_alloc&) {
    return count + 1;
  }
}

// An error with this code promises that nothing was sent.
Error refused(std::string message) {
  return Error(Errc::processor_unavailable, std::move(message));
}

Result<Url> checked_url(const std::string& text) {
  Url url = parse_url(text);
  if (url) {
    const std::string scheme = part_of(url, CURLUPART_SCHEME);
    const bool local = scheme == "http" && is_loopback(part_of(url, CURLUPART_HOST));
    if (scheme == "https" || local) return url;
  }
  return refused("the url is neither https nor http to a loopback address");
}

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte < ' ' && letter != '\t') || byte == 127;
}

// A line break would let a value become headers of its own.
bool is_sendable(const std::string& name, const std::string& value) {
  return !name.empty() && name.find_first_of(" \t:;") == std::string::npos &&
         std::none_of(name.begin(), name.end(), is_control) &&
         std::none_of(value.begin(), value.end(), is_control);
}

Result<Lines> header_lines(const Headers& headers) {
  Lines lines;
  // libcurl would add these two headers. A name without a value removes a header.
  add_line(lines, "Expect:");
  if (find_header(headers, "Content-Type").empty()) add_line(lines, "Content-Type:");
  for (const auto& [name, value] : headers) {
    if (!is_sendable(name, value))
      return refused("a header has a name or a value that cannot be sent");
    add_line(lines, value.empty() ? name + ";" : name + ": " + value);
  }
  return lines;
}

void set_method(const Easy& easy, const OutgoingRequest& request) {
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
}

void set_reader(const Easy& easy, Reader& reader) {
  set(easy, CURLOPT_HEADERFUNCTION, &on_data<read_header>);
  set(easy, CURLOPT_HEADERDATA, &reader);
  set(easy, CURLOPT_WRITEFUNCTION, &on_data<read_body>);
  set(easy, CURLOPT_WRITEDATA, &reader);
}

Error failure(const Easy& easy, CURLcode code, const Reader& reader, const ErrorText& text) {
  // This counts the bytes sent over every connection of the call. So it is also right if libcurl
  // found its open connection dead, and could not make a new one.
  long sent_bytes = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_REQUEST_SIZE, &sent_bytes);
  if (sent_bytes == 0) return refused(describe(code, text));
  return Error(Errc::outcome_unknown,
               reader.too_large ? "the response is larger than 1 MiB" : describe(code, text));
}

class CurlTransport final : public HttpTransport {
 public:
  explicit CurlTransport(std::string ca_file) : ca_file_(std::move(ca_file)) { start_curl(); }

  Result<IncomingResponse> send(const OutgoingRequest& request) override {
    RESYS_TRY(url, checked_url(request.url));
    RESYS_TRY(headers, header_lines(request.headers));
    if (request.method.empty() ||
        !std::all_of(request.method.begin(), request.method.end(),
                     [](char letter) { return letter >= 'A' && letter <= 'Z'; })) {
      return refused("the method is not a word in capital letters");
    }
    ErrorText text{};
    Reader reader;
    Easy easy = take();  // last, because it uses all of them until it is destroyed
    set_connection(easy, ca_file_, request.timeout_ms, text);
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_CURLU, url.get());
    set(easy, CURLOPT_HTTPHEADER, headers.get());
    set_method(easy, request);
    set_reader(easy, reader);
    const CURLcode code = curl_easy_perform(easy.get());
    if (code != CURLE_OK) return failure(easy, code, reader, text);
    long status = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
    // libcurl reports no error if the connection closes among the headers.
    if (!reader.headers_ended || status < 200) {
      return Error(Errc::outcome_unknown, "the response broke off");
    }
    reader.response.status = static_cast<int>(status);
    give_back(std::move(easy));
    return std::move(reader.response);
  }

 private:
  Easy take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return new_easy();
    Easy easy = std::move(idle_.back());
    idle_.pop_back();
    return easy;
  }

  void give_back(Easy easy) {
    curl_easy_reset(easy.get());  // forgets the request, keeps the connections
    const std::lock_guard lock(mutex_);
    if (idle_.size() < kMostIdleHandles) idle_.push_back(std::move(easy));
  }

  const std::string ca_file_;
  std::mutex mutex_;
  std::vector<Easy> idle_;
};

}  // namespace

std::shared_ptr<HttpTransport> curl_transport(const std::string& ca_file) {
  return std::make_shared<CurlTransport>(ca_file);
}

}  // namespace resys
