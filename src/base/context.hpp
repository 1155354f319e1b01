// What every command and query needs: the database, the ports, the processors. Made once by
// shop.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/db/database.hpp"
#include "base/id_source.hpp"
#include "base/pace.hpp"
#include "base/scope.hpp"
#include "base/secret_box.hpp"
#include "base/versioned_cache.hpp"
#include "resys/event.hpp"
#include "resys/host.hpp"
#include "resys/mail.hpp"
#include "resys/processor.hpp"
#include "resys/tax_calculator.hpp"

namespace resys {

class Shop;

namespace pricing {
struct PriceRules;
}

struct Context {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<RandomSource> random;
  std::shared_ptr<Log> log;
  std::shared_ptr<HttpTransport> http;             // null: none
  std::shared_ptr<TaxIdRegistry> tax_id_registry;  // null: none
  std::shared_ptr<TaxCalculator> tax_calculator;   // null: none
  std::unique_ptr<db::Database> database;
  std::unique_ptr<domain::IdSource> ids;
  app::SecretBox secrets;
  bool allow_missing_keys = false;  // see ShopOptions
  std::vector<std::shared_ptr<PaymentProcessor>> processors;
  // The built-in handlers, which send mail, come first, then the host's. Fixed while the shop is
  // open.
  std::vector<EventHandler> handlers;
  std::size_t mail_handlers = 0;  // how many are built-in
  app::Pace pace;
  VersionedCache<pricing::PriceRules> price_rules;
  Shop* shop = nullptr;  // passed to the handlers

  // Run `body(scope)` in one transaction on a store's rows. The body may run again.
  template <class Body>
  auto read(std::string_view store, const Body& body) const {
    const Timestamp now = clock->now();
    return database->read([&](db::Transaction& tx) {
      return body(Scope{tx, store, now, *ids, *this});
    });
  }
  template <class Body>
  auto write(std::string_view store, const Body& body, const rows::ActorRef& actor = {}) const {
    const Timestamp now = clock->now();
    return database->write([&](db::Transaction& tx) {
      return body(Scope{tx, store, now, *ids, *this, actor});
    });
  }
};

}  // namespace resys
