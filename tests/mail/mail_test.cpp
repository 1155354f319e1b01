// The mails to the buyer: when, to whom, and what stands in them.
#include <set>

#include "support/buying_shop.hpp"
#include "support/remote_processor.hpp"

using namespace resys;
using namespace resys::test;

namespace {

void check_contains(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    CAPTURE(text, part);
    CHECK(text.find(part) != std::string::npos);
  }
}

std::string escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('&', at)) != std::string::npos; at += 5) {
    text.replace(at, 1, "&amp;");
  }
  return text;
}

// Both forms of the mail say it.
void check_says(const Mail& mail, const std::vector<std::string>& parts) {
  check_contains(mail.text, parts);
  for (const std::string& part : parts) check_contains(mail.html, {escaped(part)});
}

// The only mail that was sent.
Mail only_mail(BuyingShop& test) {
  test.work();
  const auto sent = test.mailer->sent();
  REQUIRE(sent.size() == 1);
  return sent.front();
}

std::vector<Mail> about(const std::vector<Mail>& sent, const std::string& subject) {
  std::vector<Mail> found;
  for (const Mail& mail : sent) {
    if (mail.subject.find(subject) != std::string::npos) found.push_back(mail);
  }
  return found;
}

std::vector<EventDelivery> deliveries(BuyingShop& test) {
  return test.shop->admin().events().list(staff()).value().items;
}

ShopOptions with_templates(MailTemplates templates) {
  ShopOptions options;
  options.mail_templates = std::move(templates);
  return options;
}

}  // namespace

TEST_CASE("a paid order is confirmed by one mail with all that was bought") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  const Placement placed = test.shop->checkout().place_order(shopper(), {test.card}).value();
  test.work();
  CHECK(test.mailer->sent().empty());
  test.pay(shopper(), placed);

  const Mail mail = only_mail(test);
  CHECK(mail.to == "ada@example.com");
  check_contains(mail.subject, {"Order Confirmation"});
  check_contains(mail.subject, {placed.order.number});
  check_says(mail,
             {placed.order.number, "2 x Tea, 100 g (size: 100 g)", "15.80 EUR", "1 x Tea, Mug",
              "12.00 EUR", "27.80 EUR", "Discount TEN (TEN)", "-2.78 EUR", "Shipping (Post)",
              "4.90 EUR", "Total", "29.92 EUR", "Shipping address", "Billing address",
              "Ada Lovelace", "1 Main Street", "London", "N1 9GU", "UNITED KINGDOM"});
  CHECK(mail.text.find("Tax") == std::string::npos);
  CHECK(mail.html.starts_with("<!doctype html>"));
  test.work();
  CHECK(test.mailer->sent().size() == 1);
}

TEST_CASE("a mail names the taxes that prices include, and those that are added") {
  BuyingShop test;
  Admin admin = test.shop->admin();
  admin.settings().update_taxes(staff(), {.prices_include_tax = true}).value();
  admin.tax_rates().create(staff(), {.name = "VAT", .rate = "20", .country = "GB"}).value();
  test.buy(shopper("in"));
  check_says(only_mail(test), {"Total", "20.70 EUR", "Included: VAT 20 %", "3.45 EUR"});

  admin.settings().update_taxes(staff(), {.prices_include_tax = false}).value();
  test.buy(shopper("out"));
  test.work();
  const Mail added = test.mailer->sent().back();
  check_says(added, {"VAT 20 %", "4.14 EUR", "Total", "24.84 EUR"});
  CHECK(added.text.find("Included") == std::string::npos);
}

TEST_CASE("a mail says why no tax is due, and whose tax id it is") {
  BuyingShop test;
  test.shop->admin()
      .settings()
      .update_taxes(staff(), {.home_country = "DE", .reverse_charge_countries = {{"DE", "FR"}}})
      .value();
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  AddressInput paris = BuyingShop::address();
  paris.city = "Paris";
  paris.country = "FR";
  paris.postal_code = "75001";
  test.shop->checkout()
      .set_addresses(
          shopper(),
          {.shipping_address = paris, .email = "ada@example.com", .tax_id = "FR40303265045"})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.pay(shopper(), test.shop->checkout().place_order(shopper(), {test.card}).value());
  check_says(only_mail(test), {"Reverse charge", "0.00 EUR", "Your tax id: FR40303265045"});
}

TEST_CASE("a confirmation names both addresses") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  AddressInput billing = BuyingShop::address();
  billing.company = "Babbage & Sons";
  billing.line1 = "2 Side Street";
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = BuyingShop::address(),
                                 .billing_address = billing,
                                 .email = "ada@example.com"})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.pay(shopper(), test.shop->checkout().place_order(shopper(), {test.card}).value());
  check_says(only_mail(test), {"1 Main Street", "2 Side Street", "Babbage & Sons"});
}

TEST_CASE("nothing that a shopper typed is markup in a mail") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  AddressInput address = BuyingShop::address();
  address.first_name = "<script>alert('x')</script>";
  address.last_name = "\"quoted\" & more";
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = address, .email = "ada@example.com"})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.pay(shopper(), test.shop->checkout().place_order(shopper(), {test.card}).value());
  const Mail mail = only_mail(test);
  check_contains(mail.text, {"<script>alert('x')</script> \"quoted\" & more"});
  check_contains(mail.html,
                 {"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &quot;quoted&quot; &amp; more"});
  CHECK(mail.html.find("<script>") == std::string::npos);
}

TEST_CASE("shipping, refunding and canceling are told, each once") {
  BuyingShop test;
  const Order order = test.buy(shopper());
  test.shop->admin().orders().refund(staff(), {order.number, 300, "late"}).value();
  test.shop->admin().orders().ship(staff(), {order.number, "TRACK-77", "DHL"}).value();
  test.work();
  auto sent = test.mailer->sent();
  CHECK(sent.size() == 3);
  REQUIRE(about(sent, "shipped").size() == 1);
  check_says(about(sent, "shipped")[0], {order.number, "TRACK-77", "DHL", "2 x Tea, 100 g"});
  REQUIRE(about(sent, "Refund").size() == 1);
  check_says(about(sent, "Refund")[0], {order.number, "3.00 EUR"});

  const Order unpaid = test.place(shopper("bob"), test.transfer).order;
  test.shop->admin().orders().cancel(staff(), {unpaid.number}).value();
  test.work();
  sent = test.mailer->sent();
  CHECK(sent.size() == 4);
  REQUIRE(about(sent, "canceled").size() == 1);
  check_says(about(sent, "canceled")[0], {unpaid.number, "2 x Tea, 100 g"});

  std::set<std::string> ids;
  for (const Mail& mail : sent) {
    CHECK(mail.to == "ada@example.com");
    CHECK(mail.text.find("late") == std::string::npos);  // why is between staff
    ids.insert(mail.message_id);
  }
  CHECK(ids.size() == sent.size());
}

TEST_CASE("a paid order that is canceled says what comes back") {
  BuyingShop test;
  const Order order = test.buy(shopper());
  test.shop->admin().orders().cancel(staff(), {order.number}).value();
  test.work();
  const auto sent = test.mailer->sent();
  REQUIRE(about(sent, "canceled").size() == 1);
  check_says(about(sent, "canceled")[0], {order.number, "20.70 EUR"});
  REQUIRE(about(sent, "Refund").size() == 1);
  check_says(about(sent, "Refund")[0], {"20.70 EUR"});
}

TEST_CASE("money that came too late is told to be on its way back") {
  const auto remote = std::make_shared<RemoteProcessor>();
  ShopOptions options;
  options.processors = {remote, test_processor(), manual_processor()};
  BuyingShop test(std::move(options));
  const PaymentMethodId method = test.add_method("Remote", "remote");
  const std::string number = test.place(shopper(), method).order.number;
  const std::string payment = remote->payments().at(0).external_id;
  test.clock->advance(kMicrosPerHour);
  test.work();
  test.shop->admin().stock().set(staff(), {.sku = "TEA", .on_hand = 0}).value();
  CHECK(test.mailer->sent().empty());

  remote->change(payment, RemoteProcessor::take);
  const Caller processor{.audience = Audience::processor};
  test.shop->webhooks().receive(processor, remote->webhook(method, payment)).value();
  test.work();
  const auto sent = test.mailer->sent();
  REQUIRE(about(sent, "reached us too late").size() == 1);
  check_says(about(sent, "reached us too late")[0], {number, "20.70 EUR", "sold out"});
  REQUIRE(about(sent, "Refund").size() == 1);
  check_says(about(sent, "Refund")[0], {number, "20.70 EUR"});
  CHECK(about(sent, "Order Confirmation").empty());
}

TEST_CASE("a mail that could not be sent is sent later, as the same mail") {
  BuyingShop test;
  std::vector<std::string> tried;
  test.mailer->answer = [&](const Mail& mail) -> Result<void> {
    tried.push_back(mail.message_id);
    if (tried.size() < 3) return Error(Errc::processor_unavailable, "the server is away");
    return success();
  };
  test.buy(shopper());
  for (int i = 0; i < 5; ++i) {
    test.work();
    test.clock->advance(kMicrosPerHour);
  }
  REQUIRE(tried.size() == 3);
  CHECK(tried[0] == tried[1]);
  CHECK(tried[0] == tried[2]);
  check_contains(tried[0], {".OrderCompletedEmailHandler@resys"});
  CHECK(test.mailer->sent().size() == 1);
  CHECK(deliveries(test).empty());
}

TEST_CASE("a mail that is refused for good is not tried again, until staff say so") {
  BuyingShop test;
  test.mailer->answer = [](const Mail&) -> Result<void> {
    return Error(Errc::invalid_request, "550 no such mailbox");
  };
  test.buy(shopper());
  test.work();
  const auto dead = deliveries(test);
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].handler == "OrderCompletedEmailHandler");
  CHECK(dead[0].state == DeliveryState::dead);
  CHECK(dead[0].attempts == 1);
  check_contains(dead[0].last_error, {"550 no such mailbox"});
  REQUIRE_FALSE(test.log->lines().empty());
  check_contains(test.log->lines().back(), {"550 no such mailbox"});

  test.mailer->answer = nullptr;
  test.shop->admin().events().retry(staff(), {dead[0].event.id}).value();
  test.work();
  CHECK(test.mailer->sent().size() == 1);
  CHECK(deliveries(test).empty());
}

TEST_CASE("an order without an e-mail address gets no mail") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = BuyingShop::address()})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.pay(shopper(), test.shop->checkout().place_order(shopper(), {test.card}).value());
  test.work();
  CHECK(test.mailer->sent().empty());
  CHECK(deliveries(test).empty());
}

TEST_CASE("a host's template replaces the built-in text of its mail alone") {
  MailTemplates templates;
  templates.order_confirmation = [](const MailContent& content) -> Result<MailText> {
    return MailText{"Danke " + content.order.number,
                    std::string(name_of(content.event.type)) + " in " + content.store, ""};
  };
  BuyingShop test(with_templates(templates));
  const Order order = test.buy(shopper());
  const Mail mail = only_mail(test);
  CHECK(mail.subject == "Danke " + order.number);
  CHECK(mail.text == "OrderCompleted in default");
  CHECK(mail.html.empty());
  test.shop->admin().orders().ship(staff(), {order.number, "TRACK-1", {}}).value();
  test.work();
  CHECK(about(test.mailer->sent(), "shipped").size() == 1);
}

TEST_CASE("a template that fails is tried again") {
  MailTemplates templates;
  bool broken = true;
  templates.order_confirmation = [&](const MailContent&) -> Result<MailText> {
    if (broken) throw std::runtime_error("no such partial");
    return MailText{"Thanks", "Thanks", ""};
  };
  BuyingShop test(with_templates(templates));
  test.buy(shopper());
  test.work();
  REQUIRE(deliveries(test).size() == 1);
  CHECK(deliveries(test)[0].last_error == "internal: no such partial");
  broken = false;
  test.clock->advance(kMicrosPerHour);
  CHECK(only_mail(test).subject == "Thanks");
}

TEST_CASE("a mail about a canceled order says why, as far as it is the buyer's concern") {
  BuyingShop test;
  const Order order = test.place(shopper(), test.transfer).order;
  std::string why = "It was not paid in full by ";
  SECTION("after the deadline") { test.clock->advance(15 * kMicrosPerDay); }
  SECTION("by staff") {
    test.shop->admin().orders().cancel(staff(), {order.number}).value();
    why.clear();
  }
  const Mail mail = only_mail(test);
  check_says(mail, {"has been canceled"});
  if (!why.empty()) check_says(mail, {why});
  if (why.empty()) CHECK(mail.text.find("payment") == std::string::npos);
}

TEST_CASE("a mail about a refund by hand does not say that money was sent") {
  BuyingShop test;
  const Order order = test.place(shopper(), test.transfer).order;
  test.shop->admin().orders().mark_paid(staff(), {order.number}).value();
  test.shop->admin().orders().refund(staff(), {order.number, 500}).value();
  const Order by_card = test.buy(shopper("bob"));
  test.shop->admin().orders().refund(staff(), {by_card.number, 500}).value();
  test.work();
  const auto by_hand = about(test.mailer->sent(), "Refund for your order " + order.number);
  REQUIRE(by_hand.size() == 1);
  check_says(by_hand[0], {"5.00 EUR", "by hand"});
  CHECK(by_hand[0].text.find("have refunded") == std::string::npos);
  const auto sent = about(test.mailer->sent(), "Refund for your order " + by_card.number);
  REQUIRE(sent.size() == 1);
  check_says(sent[0], {"We have refunded 5.00 EUR"});
}
