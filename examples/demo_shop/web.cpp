// Requests in, answers out. Cross-site requests are refused before anything is read from them.
#include "web.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "key_file.hpp"
#include "upkeep.hpp"

namespace demo {
namespace {

using nlohmann::json;
using resys::Errc;
using resys::Error;

constexpr std::string_view kJson = "application/json; charset=utf-8";

std::string path_of(const httplib::Request& request) {
  return request.target.substr(0, request.target.find('?'));
}

bool reads(const httplib::Request& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

void send_json(httplib::Response& response, int status, const json& body) {
  response.status = status;
  response.set_header("Cache-Control", "no-store");
  response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace),
                       std::string(kJson).c_str());
}

void succeed(httplib::Response& response, const json& data) {
  send_json(response, 200, {{"success", true}, {"data", data}, {"error", nullptr}});
}

// The shape of the shop's own errors (ApiResponse).
void refuse(httplib::Response& response, const Error& error, int status = 0) {
  const resys::ErrorInfo& info = resys::error_info(error.code());
  const json field = error.field().empty() ? json(nullptr) : json(error.field());
  send_json(response, status == 0 ? info.http_status : status,
            {{"success", false},
             {"data", nullptr},
             {"error",
              {{"code", info.name},
               {"message", error.message()},
               {"field", field},
               {"details", json::object()},
               {"retry", resys::retry_name(info.retry)}}}});
}

bool is_webhook(std::string_view path) { return path.starts_with("/api/webhooks/"); }

// Browsers say where a request comes from, and no form can send JSON: a page of another site
// cannot make a visitor's browser do anything here. Programs send neither header.
bool is_cross_site(const httplib::Request& request) {
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  if (!request.has_header("Origin")) return false;
  const std::string origin = request.get_header_value("Origin");
  const std::string host = request.get_header_value("Host");
  return origin != "http://" + host && origin != "https://" + host;
}

bool has_other_content_than_json(const httplib::Request& request) {
  std::string type = request.get_header_value("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return type.empty() ? !request.body.empty() : type != "application/json";
}

resys::HttpRequest shop_request(const httplib::Request& request, std::string target) {
  return {request.method,
          std::move(target),
          {request.headers.begin(), request.headers.end()},
          request.body};
}

// The shop knows users by their id alone; where their mail goes is what this host knows of them.
void add_email(resys::HttpRequest& request, const Account& account) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || body.contains("email")) return;
  // Put in front as text: what the rest holds is for the shop to judge.
  request.body.insert(request.body.find('{') + 1,
                      "\"email\":" + json(account.email).dump() + (body.empty() ? "" : ","));
}

json user_of(const Account* account) {
  if (account == nullptr) return nullptr;
  return {{"email", account->email}, {"name", account->name}};
}

}  // namespace

void Web::mount(httplib::Server& server) {
  const auto all = [this](const httplib::Request& request, httplib::Response& response) {
    answer(request, response);
  };
  server.set_pre_routing_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        return refuse_unread(request, response) ? httplib::Server::HandlerResponse::Handled
                                                : httplib::Server::HandlerResponse::Unhandled;
      });
  server.Get(".*", all).Post(".*", all).Put(".*", all).Patch(".*", all).Delete(".*", all);
  server.set_default_headers({{"X-Content-Type-Options", "nosniff"},
                              {"X-Frame-Options", "DENY"},
                              {"Cross-Origin-Resource-Policy", "same-origin"},
                              {"Referrer-Policy", "strict-origin-when-cross-origin"}});
  // What the HTTP library refuses by itself has no body yet.
  server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.has_header("Content-Type")) return;
    const int status = response.status;
    refuse(response,
           status == 413   ? Error(Errc::too_large, "the request is too large")
           : status == 404 ? Error(Errc::not_found, "no such path")
                           : Error(Errc::invalid_request, "this is no request the shop can read"),
           status);
  });
  server.set_exception_handler(
      [this](const httplib::Request&, httplib::Response& response, std::exception_ptr fault) {
        try {
          std::rethrow_exception(fault);
        } catch (const std::exception& exception) {
          shop_.log().write(resys::LogLevel::error,
                            std::string("a request failed: ") + exception.what());
        } catch (...) {
          shop_.log().write(resys::LogLevel::error, "a request failed");
        }
        refuse(response, Error(Errc::internal, "an internal error, which has been logged"));
      });
}

bool Web::refuse_unread(const httplib::Request& request, httplib::Response& response) {
  if (is_unclear(request)) {
    refuse(response, Error(Errc::invalid_request, "it is not clear where this request ends"));
    return true;
  }
  // 421: "directed at a server that is unable or unwilling" to respond for that name (RFC 9110).
  if (!hosts_.contains(in_lower_case(request.get_header_value("Host")))) {
    refuse(response, Error(Errc::invalid_request, "this server has another name; see --host"), 421);
    return true;
  }
  return false;
}

bool Web::refuse_guessing(Throttle& throttle, const httplib::Request& request,
                          httplib::Response& response) {
  const std::int64_t seconds = throttle.wait(request.remote_addr, shop_.clock().now());
  if (seconds == 0) return false;
  response.set_header("Retry-After", std::to_string(seconds));
  refuse(response, Error(Errc::busy, "too many attempts have failed; try again later"), 429);
  return true;
}

void Web::answer(const httplib::Request& request, httplib::Response& response) {
  const std::string path = path_of(request);
  if (!reads(request) && !is_webhook(path)) {
    if (is_cross_site(request)) {
      return refuse(response, Error(Errc::forbidden, "requests from other sites are refused"));
    }
    if (has_other_content_than_json(request)) {
      return refuse(response,
                    Error(Errc::invalid_request, "Content-Type: application/json is expected"),
                    415);
    }
  }
  if (resys::handles(path)) return answer_api(request, response);
  if (path.starts_with("/demo/")) return answer_demo(request, response);
  answer_page(request, response);
}

Visitor Web::recognize(const httplib::Request& request) const {
  return visitors_.recognize(request.get_header_value("Cookie"), shop_.clock().now());
}

Visitor Web::welcome(const httplib::Request& request, httplib::Response& response) {
  Visitor visitor = recognize(request);
  if (visitor.session_id.empty()) {
    visitor.session_id = random_hex(random_, 16);
    response.set_header("Set-Cookie", visitors_.guest_cookie(visitor.session_id));
  }
  return visitor;
}

void Web::answer_api(const httplib::Request& request, httplib::Response& response) {
  const std::string path = path_of(request);
  const bool tries_code = path == "/api/storefront/cart/coupons" && !reads(request);
  if (tries_code && refuse_guessing(codes_, request, response)) return;
  resys::HttpRequest forwarded = shop_request(request, request.target);
  resys::Caller caller;
  if (path.starts_with("/api/storefront/") || path.starts_with("/api/test/")) {
    const Visitor visitor = welcome(request, response);
    caller.session_id = visitor.session_id;
    if (visitor.account != nullptr) {
      caller.user_id = visitor.account->user_id;
      if (path == "/api/storefront/checkout/addresses") add_email(forwarded, *visitor.account);
    }
  } else if (visitors_.is_staff(request.get_header_value("Authorization"))) {
    caller.user_id = "staff";
    caller.audience = resys::Audience::staff;
  }
  resys::HttpResponse answered = shop_.handle(caller, forwarded);
  response.status = answered.status;
  for (const auto& [name, value] : answered.headers) response.set_header(name, value);
  response.body = std::move(answered.body);
  if (tries_code && answered.status >= 400) {
    codes_.failed(request.remote_addr, shop_.clock().now());
  }
  if (path == "/api/storefront/cart/merge" && answered.status == 200) {
    end_guest_session(caller.session_id, response);
  }
}

void Web::end_guest_session(const std::string& session_id, httplib::Response& response) {
  const auto left = shop_.cart().get({.session_id = session_id}, {});
  if (left.has_error() || !left.value().line_items.empty()) return;
  response.headers.erase("Set-Cookie");
  response.set_header("Set-Cookie", visitors_.guest_cookie(random_hex(random_, 16)));
}

void Web::answer_demo(const httplib::Request& request, httplib::Response& response) {
  const std::string path = path_of(request);
  if (request.method == "POST") {
    if (path == "/demo/sign-in") return sign_in(request, response);
    if (path == "/demo/pay") return pay(request, response);
    if (path == "/demo/backups") return back_up(request, response);
    if (path == "/demo/sign-out") {
      response.set_header("Set-Cookie", visitors_.sign_out(request.get_header_value("Cookie")));
      return succeed(response, {{"user", nullptr}});
    }
  } else if (reads(request) && path == "/demo/session") {
    return describe_session(welcome(request, response), response);
  }
  refuse(response, Error(Errc::not_found, "no such path"));
}

void Web::sign_in(const httplib::Request& request, httplib::Response& response) {
  if (refuse_guessing(sign_ins_, request, response)) return;
  const json body = json::parse(request.body, nullptr, false);
  for (const char* field : {"email", "password"}) {
    if (!body.is_object() || !body.contains(field) || !body[field].is_string()) {
      return refuse(response, Error(Errc::invalid_request, "a text is expected").at(field));
    }
  }
  const Account* account =
      visitors_.check(body["email"].get<std::string>(), body["password"].get<std::string>());
  if (account == nullptr) {
    sign_ins_.failed(request.remote_addr, shop_.clock().now());
    return refuse(response, Error(Errc::unauthenticated, "this e-mail and password do not match"));
  }
  welcome(request, response);
  response.set_header("Set-Cookie", visitors_.sign_in(request.get_header_value("Cookie"), *account,
                                                      random_, shop_.clock().now()));
  succeed(response, {{"user", user_of(account)}});
}

void Web::describe_session(const Visitor& visitor, httplib::Response& response) {
  json accounts = json::array();
  for (const Account& each : kAccounts) {
    accounts.push_back({{"email", each.email}, {"password", each.password}});
  }
  json cards = json::array();
  for (const resys::TestCard& card : resys::kTestCards) {
    cards.push_back({{"number", card.number}, {"behavior", card.behavior}});
  }
  succeed(response,
          {{"user", user_of(visitor.account)}, {"accounts", accounts}, {"testCards", cards}});
}

void Web::pay(const httplib::Request& request, httplib::Response& response) {
  const Visitor visitor = welcome(request, response);
  resys::Caller caller{.session_id = visitor.session_id};
  if (visitor.account != nullptr) caller.user_id = visitor.account->user_id;
  const resys::HttpResponse answered =
      shop_.handle(caller, shop_request(request, "/api/test/payments"));
  json body = json::parse(answered.body);
  if (body["data"].is_object()) body["state"] = body["data"]["state"];
  send_json(response, answered.status, body);
}

// The folder is the program's, for no path comes from a request.
void Web::back_up(const httplib::Request& request, httplib::Response& response) {
  if (!visitors_.is_staff(request.get_header_value("Authorization"))) {
    return refuse(response, Error(Errc::forbidden, "backups are for staff"));
  }
  if (backups_.empty()) {
    return refuse(response, Error(Errc::invalid_state, "start the shop with --backups FOLDER"));
  }
  const auto backup = back_up_into(shop_, backups_);
  if (backup.has_error()) return refuse(response, backup.error());
  succeed(response, json::parse(resys::to_json(backup.value())));
}

void Web::answer_page(const httplib::Request& request, httplib::Response& response) {
  const std::string path = path_of(request);
  if (!reads(request)) return refuse(response, Error(Errc::not_found, "no such path"));
  const PageFile* found = pages_.find(path);
  const PageFile& page = found == nullptr ? pages_.not_found() : *found;
  if (page.type.starts_with("text/html")) {
    welcome(request, response);
    response.set_header("Content-Security-Policy", std::string(content_security_policy(path)));
  }
  if (found == nullptr) response.status = 404;
  response.set_header("Cache-Control", "no-cache");
  response.set_header("ETag", page.etag);
  if (found != nullptr && request.get_header_value("If-None-Match") == page.etag) {
    response.status = 304;
    return;
  }
  // A provider, for the HTTP library would compress a body anew at every request.
  response.set_content_provider(
      page.content.size(), page.type.c_str(),
      [&page](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        const std::string_view part = std::string_view(page.content).substr(offset, length);
        return sink.write(part.data(), part.size());
      });
}

}  // namespace demo
