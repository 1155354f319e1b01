// Mail over SMTP by libcurl. Each mail has its own connection, because a shop sends few mails.
#include <cstring>
#include <utility>

#include "net/curl.hpp"
#include "net/mime.hpp"
#include "resys/host.hpp"

namespace resys {
namespace {

using namespace net;

// SmtpOptions::url, taken apart.
struct Server {
  std::string url;  // without user and password
  std::string user;
  std::string password;
  long tls = CURLUSESSL_NONE;
};

// Never repeats the url: it holds the password.
Error bad_url() {
  return Error(Errc::invalid_request,
               "the url is not smtp://[user:password@]host:port or smtps://..., with or without "
               "?starttls=required, percent-encoded")
      .at("url");
}

// Without starttls=required, TLS is used if the server offers it. A server on the same machine is
// an exception, because its certificate can seldom be verified.
long tls_of(const Url& url, const std::string& scheme, const std::string& query) {
  if (scheme == "smtps" || !query.empty()) return CURLUSESSL_ALL;
  return is_loopback(part_of(url, CURLUPART_HOST)) ? CURLUSESSL_NONE : CURLUSESSL_TRY;
}

// Returns false if the part cannot be decoded to one line of text.
bool decode(const Url& url, CURLUPart part, std::string& out) {
  out = part_of(url, part, CURLU_URLDECODE);
  return out.empty() == part_of(url, part).empty() &&
         std::none_of(out.begin(), out.end(), [](char letter) {
           return static_cast<unsigned char>(letter) < ' ' || letter == 127;
         });
}

Result<Server> parse_server(const std::string& text) {
  Url url = parse_url(text);
  if (!url) return bad_url();
  const std::string scheme = part_of(url, CURLUPART_SCHEME);
  const std::string query = part_of(url, CURLUPART_QUERY);
  const std::string path = part_of(url, CURLUPART_PATH);
  if ((scheme != "smtp" && scheme != "smtps") || (!query.empty() && query != "starttls=required") ||
      (!path.empty() && path != "/") || !part_of(url, CURLUPART_FRAGMENT).empty() ||
      !part_of(url, CURLUPART_OPTIONS).empty()) {
    return bad_url();
  }
  Server server;
  if (!decode(url, CURLUPART_USER, server.user) ||
      !decode(url, CURLUPART_PASSWORD, server.password)) {
    return bad_url();
  }
  server.tls = tls_of(url, scheme, query);
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY}) {
    curl_url_set(url.get(), part, nullptr, 0);
  }
  server.url = part_of(url, CURLUPART_URL);
  return server;
}

std::size_t read_message(char* buffer, std::size_t, std::size_t count, void* rest) noexcept {
  std::string_view& message = *static_cast<std::string_view*>(rest);
  const std::size_t piece = std::min(count, message.size());
  std::memcpy(buffer, message.data(), piece);
  message.remove_prefix(piece);
  return piece;
}

// A 5xx response to the sender, the recipient or the contents is about this mail, and is final. A
// 5xx response to the greeting, to STARTTLS or to the password is about the settings of the server
// or the shop, and may go away.
Error failure(const Easy& easy, CURLcode code, const ErrorText& text) {
  long answer = 0;
  curl_off_t sent_bytes = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer);
  curl_easy_getinfo(easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent_bytes);
  const bool about_mail = code == CURLE_SEND_ERROR || sent_bytes > 0;
  const bool about_password = answer / 10 == 53;
  const bool final = answer / 100 == 5 && about_mail && !about_password;
  if (answer < 400) {  // the server was content until the connection broke
    return Error(Errc::processor_unavailable,
                 "the mail server did not take the mail: " + describe(code, text));
  }
  return Error(final ? Errc::invalid_request : Errc::processor_unavailable,
               "the mail server answered " + std::to_string(answer))
      .with("smtpStatus", answer);
}

class SmtpMailer final : public Mailer {
 public:
  SmtpMailer(Server server, Mailbox from, const SmtpOptions& options)
      : server_(std::move(server)),
        from_(std::move(from)),
        ca_file_(options.ca_file),
        timeout_ms_(options.timeout_ms) {}

  Result<void> send(const Mail& mail) override {
    RESYS_TRYV(check_mail(mail));
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const std::string message = mime_text(mail, from_, now);
    std::string_view rest = message;
    Lines recipients;
    add_line(recipients, mail.to);

    ErrorText text{};
    const Easy easy = new_easy();
    set_connection(easy, ca_file_, timeout_ms_, text);
    set_server(easy);
    set(easy, CURLOPT_MAIL_FROM, from_.address.c_str());
    set(easy, CURLOPT_MAIL_RCPT, recipients.get());
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    set(easy, CURLOPT_READFUNCTION, &read_message);
    set(easy, CURLOPT_READDATA, &rest);
    const CURLcode code = curl_easy_perform(easy.get());
    if (code != CURLE_OK) return failure(easy, code, text);
    return success();
  }

 private:
  void set_server(const Easy& easy) const {
    set(easy, CURLOPT_URL, server_.url.c_str());
    set(easy, CURLOPT_USE_SSL, server_.tls);
    if (!server_.user.empty()) {
      set(easy, CURLOPT_USERNAME, server_.user.c_str());
      set(easy, CURLOPT_PASSWORD, server_.password.c_str());
    }
    // The server has the mail once it has said so. How long the goodbye then takes is limited by
    // the second option, and only if the connection is closed within this call.
    set(easy, CURLOPT_FORBID_REUSE, 1L);
    set(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT,
        static_cast<long>(std::clamp<std::int64_t>(timeout_ms_ / 1000, 1, 3600)));
  }

  const Server server_;
  const Mailbox from_;
  const std::string ca_file_;
  const std::int64_t timeout_ms_;
};

}  // namespace

Result<std::shared_ptr<Mailer>> smtp_mailer(const SmtpOptions& options) {
  start_curl();
  RESYS_TRY(server, parse_server(options.url));
  RESYS_TRY(from, parse_mailbox(options.from));
  return std::make_shared<SmtpMailer>(std::move(server), std::move(from), options);
}

}  // namespace resys
