// Taxes that a host's TaxCalculator finds; see the header.
#include "order/tax_calculation.hpp"

#include <algorithm>
#include <exception>

#include "base/text.hpp"
#include "base/text_list.hpp"
#include "order/open_order.hpp"
#include "order/require_order.hpp"
#include "order/tax_calculation_fields.hpp"

namespace resys::app {
namespace {

// A calculation is kept as a list of texts: country, region, postal code, "exempt" or "", tax id,
// "included" or "", external id; then for each item its reference, category, quantity, amount and
// taxes.
constexpr std::size_t kHead = 7;
constexpr std::size_t kItem = 5;

std::string kept_text(const pricing::Calculation& calculation) {
  const auto& [area, customer, prices_include_tax, external_id, items] = calculation;
  std::vector<std::string> texts{area.country,     area.region,
                                 area.postal_code, customer.is_exempt ? "exempt" : "",
                                 customer.tax_id,  prices_include_tax ? "included" : "",
                                 external_id};
  for (const auto& item : items) {
    texts.insert(texts.end(), {item.reference, item.category, std::to_string(item.quantity),
                               std::to_string(item.amount_cents), rows::encode_taxes(item.taxes)});
  }
  return rows::encode_list(texts);
}

// What the calculator is asked, and about which version of the order.
struct Question {
  CalculateTaxes request;
  std::int64_t version = 0;
};

// Nothing if the order's taxes are known, or are not the calculator's.
Result<std::optional<Question>> question_of(const Scope& scope, const Caller& caller) {
  auto row = rows::find_open_order(scope, identity_of(caller));
  if (!row || !is_open_cart(*row)) return std::nullopt;
  const OrderContents order = load_contents(scope, std::move(*row));
  const pricing::Basket basket = basket_of(order, Prices::current);
  const auto quote = pricing::price(basket, scope.now);
  if (quote.has_error() || !quote.value().is_tax_estimated) return std::nullopt;
  const auto addresses = rows::load_order_addresses(scope, order.row.id);
  return Question{{.store = std::string(scope.store),
                   .order_id = order.row.id,
                   .currency = basket.currency,
                   .prices_include_tax = order.rules->taxes.prices_include_tax,
                   .address = addresses.shipping.value(),
                   .tax_id = basket.customer.tax_id,
                   .tax_exempt = basket.customer.is_exempt,
                   .items = pricing::taxable_items(basket, quote.value())},
                  order.row.version};
}

Error wrong_answer(const std::string& fault) {
  return Error(Errc::internal, "the taxes are not those that were asked for: " + fault);
}

// The taxes of one item, if they can be.
Result<std::vector<TaxLine>> taxes_of_item(const CalculatedTaxes& answer, const TaxableItem& item,
                                           bool prices_include_tax) {
  const auto found =
      std::find_if(answer.items.begin(), answer.items.end(),
                   [&](const ItemTaxes& each) { return each.reference == item.reference; });
  if (found == answer.items.end()) return wrong_answer("an item is missing");
  std::int64_t left = item.amount_cents;
  std::vector<TaxLine> taxes;
  for (const CalculatedTax& tax : found->taxes) {
    if (tax.tax_cents > left) return wrong_answer("the taxes of an item are more than its amount");
    left -= tax.tax_cents;
    taxes.push_back({tax.name, tax.rate, tax.country, tax.taxable_cents, tax.tax_cents,
                     prices_include_tax, tax.reason});
  }
  return taxes;
}

Result<pricing::Calculation> checked(const CalculateTaxes& request, CalculatedTaxes answer) {
  RESYS_TRYV(fields::check(answer));
  if (answer.items.size() != request.items.size()) return wrong_answer("there are other items");
  const Address& to = request.address;
  pricing::Calculation calculation{.area = {to.country, to.region, to.postal_code},
                                   .customer = {request.tax_exempt, request.tax_id},
                                   .prices_include_tax = request.prices_include_tax,
                                   .external_id = std::move(answer.external_id)};
  for (const TaxableItem& item : request.items) {
    RESYS_TRY(taxes, taxes_of_item(answer, item, request.prices_include_tax));
    calculation.items.push_back(
        {item.reference, item.tax_category, item.quantity, item.amount_cents, std::move(taxes)});
  }
  return calculation;
}

Result<pricing::Calculation> ask(const Context& context, const CalculateTaxes& request) {
  try {
    RESYS_TRY(answer, context.tax_calculator->calculate(request));
    return checked(request, std::move(answer));
  } catch (const std::exception& exception) {
    return Error(Errc::internal, exception.what());
  } catch (...) {
    return Error(Errc::internal, "the tax calculator threw something that is no std::exception");
  }
}

}  // namespace

std::optional<pricing::Calculation> calculation_of(const rows::OrderRow& order) {
  if (order.calculated_taxes.empty()) return std::nullopt;
  const auto texts = rows::decode_list(order.calculated_taxes);
  pricing::Calculation calculation{.area = {texts[0], texts[1], texts[2]},
                                   .customer = {!texts[3].empty(), texts[4]},
                                   .prices_include_tax = !texts[5].empty(),
                                   .external_id = texts[6]};
  for (std::size_t i = kHead; i + kItem <= texts.size(); i += kItem) {
    calculation.items.push_back({texts[i], texts[i + 1], fields::number_of(texts[i + 2]),
                                 fields::number_of(texts[i + 3]),
                                 rows::decode_taxes(texts[i + 4])});
  }
  return calculation;
}

Result<void> calculate_taxes(Context& context, const Caller& caller, NewTaxes taxes) {
  if (context.tax_calculator == nullptr) return success();
  RESYS_TRY(question, context.read(caller.store,
                                   [&](const Scope& scope) { return question_of(scope, caller); }));
  if (!question) return success();
  const auto calculation = ask(context, question->request);
  if (calculation.has_error()) {
    context.log->write(LogLevel::warning,
                       "the taxes of " + question->request.order_id.text() +
                           " could not be calculated: " + calculation.error().message());
    return success();
  }
  const auto body = [&](const Scope& scope) -> Result<void> {
    auto order = OpenOrder::lock(scope, identity_of(caller));
    // Who has changed it meanwhile asks anew.
    if (!order || order->row.version != question->version) return success();
    order->row.calculated_taxes = kept_text(calculation.value());
    if (taxes == NewTaxes::apply) {
      RESYS_TRYV(order->reprice(scope));
    }
    order->save(scope);
    return success();
  };
  return context.write(caller.store, body, actor_of(caller));
}

}  // namespace resys::app
