// The composition root: the only file that names concrete drivers and adapters.
#include "resys/shop.hpp"

#include <set>

#include "api/http.hpp"
#include "base/context.hpp"
#include "base/migrations.hpp"
#include "mail/mail.hpp"
#include "shop/backup.hpp"
#include "shop/check.hpp"
#include "shop/due_work.hpp"
#include "shop/keys.hpp"

namespace resys {
namespace {

std::vector<std::shared_ptr<PaymentProcessor>> default_processors(const ShopOptions& options) {
  std::vector<std::shared_ptr<PaymentProcessor>> processors;
  if (options.http) processors.push_back(stripe_processor());
  processors.push_back(manual_processor());
  return processors;
}

Result<void> check_processors(const ShopOptions& options) {
  std::set<std::string_view> names;
  for (const auto& processor : options.processors) {
    if (!processor || !names.insert(processor->name()).second) {
      return Error(Errc::invalid_request, processor ? "two payment processors have the same name"
                                                    : "a payment processor is null")
          .at("processors");
    }
  }
  return success();
}

Result<void> check_handlers(const std::vector<EventHandler>& handlers) {
  std::set<std::string_view> names;
  for (const EventHandler& handler : handlers) {
    if (handler.name.empty() || !handler.handle || !names.insert(handler.name).second) {
      return Error(Errc::invalid_request, handler.name.empty() ? "an event handler has no name"
                                          : !handler.handle
                                              ? "the event handler has no function"
                                              : "two event handlers have the same name")
          .at("handlers")
          .with("name", handler.name);
    }
  }
  return success();
}

}  // namespace

struct Shop::Parts {
  Context context;
};

Result<std::unique_ptr<Shop>> Shop::open(ShopOptions options) {
  if (!options.http) options.http = curl_transport();
  if (options.processors.empty()) options.processors = default_processors(options);
  RESYS_TRYV(check_processors(options));

  auto parts = std::make_unique<Parts>();
  Context& context = parts->context;
  RESYS_TRY(secrets,
            app::SecretBox::make(std::move(options.secret_keys), std::move(options.secret_key_id)));
  context.secrets = std::move(secrets);
  context.allow_missing_keys = options.allow_missing_keys;
  context.clock = options.clock ? std::move(options.clock) : system_clock();
  context.random = options.random ? std::move(options.random) : system_random();
  context.log = options.log ? std::move(options.log) : stderr_log();
  context.http = std::move(options.http);
  context.tax_id_registry = std::move(options.tax_id_registry);
  context.tax_calculator = std::move(options.tax_calculator);
  context.ids = std::make_unique<domain::IdSource>(*context.clock, *context.random);
  context.processors = std::move(options.processors);
  if (options.mailer) {
    context.handlers =
        app::mail_handlers(context, std::move(options.mailer), std::move(options.mail_templates));
    context.mail_handlers = context.handlers.size();
  }
  for (EventHandler& handler : options.handlers) context.handlers.push_back(std::move(handler));
  RESYS_TRYV(check_handlers(context.handlers));
  RESYS_TRY(database, db::open_sqlite(options.database, context.log));
  context.database = std::move(database);
  RESYS_TRYV(rows::migrate(*context.database, context.clock->now()));
  RESYS_TRYV(app::require_keys(context));

  std::unique_ptr<Shop> shop(new Shop(std::move(parts)));
  context.shop = shop.get();
  return shop;
}

Shop::Shop(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Shop::~Shop() = default;

Products Shop::products() { return Products(parts_->context); }
Currencies Shop::currencies() { return Currencies(parts_->context); }
Carts Shop::cart() { return Carts(parts_->context); }
Checkout Shop::checkout() { return Checkout(parts_->context); }
Orders Shop::orders() { return Orders(parts_->context); }
Addresses Shop::addresses() { return Addresses(parts_->context); }
Webhooks Shop::webhooks() { return Webhooks(parts_->context); }
TestPayments Shop::test_payments() { return TestPayments(parts_->context); }
Admin Shop::admin() { return Admin(parts_->context); }
InventoryReservationService Shop::reservations() {
  return InventoryReservationService(parts_->context);
}
EngineInfo Shop::engine() const { return parts_->context.database->engine(); }
Clock& Shop::clock() noexcept { return *parts_->context.clock; }
Log& Shop::log() noexcept { return *parts_->context.log; }

HttpResponse Shop::handle(const Caller& caller, const HttpRequest& request) {
  return api::handle(*this, caller, request);
}

Result<DueWork> Shop::run_due_work(std::int64_t limit, DueWorkPart part) {
  return app::run_due_work(parts_->context, limit, part);
}

Result<Backup> Shop::backup(const std::string& path, const ProgressFunction& progress) {
  return app::backup(parts_->context, path, progress);
}

Result<CheckReport> Shop::check(const ProgressFunction& progress) {
  return app::check(parts_->context, progress);
}

Result<KeyRotation> Shop::rotate_keys(const ProgressFunction& progress) {
  return app::rotate_keys(parts_->context, progress);
}

}  // namespace resys
