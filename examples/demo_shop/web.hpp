// HTTP in front of the shop: its endpoints, the demo's own, and the pages.
//
//   /api/...            Shop::handle, with the caller made from cookies or the staff token
//   POST /demo/sign-in  {"email","password"} -> {"user":{"email","name"}}; the guest's session
//   stays POST /demo/sign-out {} -> {"user":null} GET  /demo/session  ->
//   {"user","accounts","testCards"} POST /demo/pay      {"clientSecret","card"} or
//   {"clientSecret","approve"} -> {"state"}, which
//                       also stands beside "data"
//   POST /demo/backups  staff: {} -> the Backup, made in the folder of backups
//   anything else       pages/
#pragma once

#include <httplib.h>

#include <set>
#include <string>

#include "pages.hpp"
#include "resys/shop.hpp"
#include "throttle.hpp"
#include "visitors.hpp"

namespace demo {

class Web {
 public:
  // `hosts`: what the header Host may say, in lower case.
  Web(resys::Shop& shop, resys::RandomSource& random, const Visitors& visitors, const Pages& pages,
      std::set<std::string> hosts, std::string backups)
      : shop_(shop),
        random_(random),
        visitors_(visitors),
        pages_(pages),
        hosts_(std::move(hosts)),
        backups_(std::move(backups)) {}

  // Makes the server answer with all of the above.
  void mount(httplib::Server& server);

 private:
  void answer(const httplib::Request& request, httplib::Response& response);
  void answer_api(const httplib::Request& request, httplib::Response& response);
  // True if the request was refused before anybody looked at what it asks for.
  bool refuse_unread(const httplib::Request& request, httplib::Response& response);
  // True if this address has failed too often.
  bool refuse_guessing(Throttle& throttle, const httplib::Request& request,
                       httplib::Response& response);
  // The guest has become the account: the next guest of this browser is another one. An order that
  // the guest has placed and not paid yet is not merged, and keeps the session.
  void end_guest_session(const std::string& session_id, httplib::Response& response);
  void answer_demo(const httplib::Request& request, httplib::Response& response);
  void answer_page(const httplib::Request& request, httplib::Response& response);

  void sign_in(const httplib::Request& request, httplib::Response& response);
  void describe_session(const Visitor& visitor, httplib::Response& response);
  void pay(const httplib::Request& request, httplib::Response& response);
  void back_up(const httplib::Request& request, httplib::Response& response);

  Visitor recognize(const httplib::Request& request) const;
  // The same, and a guest's session is begun if there is none.
  Visitor welcome(const httplib::Request& request, httplib::Response& response);

  resys::Shop& shop_;
  resys::RandomSource& random_;
  const Visitors& visitors_;
  const Pages& pages_;
  const std::set<std::string> hosts_;
  const std::string backups_;  // a folder; empty: none
  Throttle sign_ins_{10};
  Throttle codes_{30};
};

}  // namespace demo
