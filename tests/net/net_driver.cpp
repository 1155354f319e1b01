// Lets the Python tests, which run the servers, call the HTTP transport and the mailer: a line of
// JSON in is a call, a line out its answer. Transports and mailers live as long as this process.
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "resys/host.hpp"

using namespace resys;
using Json = nlohmann::json;

namespace {

Json json_of(const Error& error) {
  return {{"error", error_info(error.code()).name},
          {"message", error.message()},
          {"field", error.field()},
          {"smtpStatus", error.fact("smtpStatus", 0)}};
}

Json send_http(const Json& call) {
  static std::map<std::string, std::shared_ptr<HttpTransport>> transports;
  auto& transport = transports[call.value("ca", "")];
  if (!transport) transport = curl_transport(call.value("ca", ""));
  OutgoingRequest request{.method = call["method"],
                          .url = call["url"],
                          .headers = call.value("headers", Headers{}),
                          .body = call.value("body", "")};
  request.timeout_ms = call.value("timeoutMs", request.timeout_ms);
  const Result<IncomingResponse> answer = transport->send(request);
  if (!answer) return json_of(answer.error());
  return {{"status", answer.value().status},
          {"headers", answer.value().headers},
          {"body", answer.value().body}};
}

Json send_mail(const Json& call) {
  SmtpOptions options{.url = call["url"], .from = call["from"], .ca_file = call.value("ca", "")};
  options.timeout_ms = call.value("timeoutMs", options.timeout_ms);
  const Result<std::shared_ptr<Mailer>> mailer = smtp_mailer(options);
  if (!mailer) return json_of(mailer.error());
  if (!call.contains("mail")) return Json::object();
  const Json& mail = call["mail"];
  const Result<void> sent = mailer.value()->send({.to = mail["to"],
                                                  .subject = mail["subject"],
                                                  .text = mail["text"],
                                                  .html = mail["html"],
                                                  .message_id = mail["messageId"]});
  return sent ? Json::object() : json_of(sent.error());
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const Json call = Json::parse(line);
    std::cout << (call.contains("method") ? send_http(call) : send_mail(call)).dump() << std::endl;
  }
}
