// Stripe counts in minor units as ISO 4217 does, except for three currencies. It takes
// three-decimal currencies only to two decimals. All tables are from docs.stripe.com/currencies,
// read in 2026.
#include "payment/stripe_amounts.hpp"

#include <string>

namespace resys::payments {
namespace {

// Currencies that resys knows and Stripe does not list, four characters each.
constexpr std::string_view kNotTaken =
    "BTN CUP ERN GHS IQD IRR KPW LYD MRU SDG SSP STN SVC SYP TMT VED VES ZWG ";

// Stripe's unit is `divide` minor units of ISO 4217, or `multiply` of Stripe's units are one of
// them. The krona and the Ugandan shilling no longer have decimals, but Stripe counts as if they
// had two. The ariary has two decimals on paper, and Stripe ignores them.
struct Unit {
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
};
Unit unit_of(Currency currency) {
  const std::string_view code = currency.code();
  if (code == "ISK" || code == "UGX") return {100, 1};
  if (code == "MGA") return {1, 100};
  return {};
}

// The amount's field supports eight digits, and more for currencies with large numbers.
std::int64_t most_of(Currency currency) {
  const std::string_view code = currency.code();
  if (code == "IDR") return 999'999'999'999;
  if (code == "COP") return 9'999'999'999;
  if (code == "INR") return 999'999'999;
  return 99'999'999;
}

// The smallest charges, in Stripe's units. For other currencies Stripe converts to the account's
// currency, which only Stripe knows, and refuses by itself.
struct Least {
  std::string_view code;
  std::int64_t number;
};
constexpr Least kLeast[] = {
    {"AED", 200},   {"ARS", 50},   {"AUD", 50},  {"BRL", 50}, {"CAD", 50},   {"CHF", 50},
    {"COP", 50},    {"CZK", 1500}, {"DKK", 250}, {"EUR", 50}, {"GBP", 30},   {"HKD", 400},
    {"HUF", 17500}, {"IDR", 50},   {"ILS", 50},  {"INR", 50}, {"JPY", 50},   {"KRW", 50},
    {"MXN", 1000},  {"MYR", 200},  {"NOK", 300}, {"NZD", 50}, {"PHP", 50},   {"PLN", 200},
    {"RON", 200},   {"RUB", 50},   {"SEK", 300}, {"SGD", 50}, {"THB", 1000}, {"USD", 50},
    {"ZAR", 50},
};
std::int64_t least_of(Currency currency) {
  for (const Least& least : kLeast) {
    if (least.code == currency.code()) return least.number;
  }
  return 1;
}

Error refused(std::string message, Money amount) {
  return Error(Errc::unsupported_currency, std::move(message))
      .with("currency", std::string(amount.currency().code()))
      .with("amountCents", amount.minor());
}

// The number in minor units of ISO 4217, for the facts of a refusal.
std::int64_t minor_of(std::int64_t number, Unit unit) {
  return number * unit.divide / unit.multiply;
}

}  // namespace

std::int64_t stripe_step(Currency currency) {
  return currency.exponent() == 3 ? 10 : unit_of(currency).divide;
}

Result<std::int64_t> to_stripe(Money amount) {
  const Currency currency = amount.currency();
  if (currency.empty() || kNotTaken.find(currency.code()) != std::string_view::npos) {
    return refused("Stripe does not take this currency", amount);
  }
  const Unit unit = unit_of(currency);
  const std::int64_t most = minor_of(most_of(currency), unit);
  if (amount.minor() < 1) return refused("the amount is not greater than zero", amount);
  if (amount.minor() > most) {
    return refused("the amount is more than Stripe takes", amount).with("maximumCents", most);
  }
  const std::int64_t step = stripe_step(currency);
  if (amount.minor() % step != 0) {
    return refused("the amount is not a multiple of the step that Stripe takes", amount)
        .with("stepCents", step);
  }
  return amount.minor() * unit.multiply / unit.divide;
}

Result<std::int64_t> from_stripe(std::int64_t number, Currency currency) {
  const Unit unit = unit_of(currency);
  const bool whole = number % unit.multiply == 0;
  if (!whole || number < 0 || number > kMaxMinor / unit.divide) {
    return Error(Errc::unsupported_currency, "Stripe returned an amount that cannot be represented")
        .with("currency", std::string(currency.code()))
        .with("amount", number);
  }
  return minor_of(number, unit);
}

Result<void> stripe_accepts(Money amount) {
  RESYS_TRY(number, to_stripe(amount));
  const std::int64_t least = least_of(amount.currency());
  if (number >= least) return success();
  return refused("the amount is less than Stripe takes", amount)
      .with("minimumCents", minor_of(least, unit_of(amount.currency())));
}

}  // namespace resys::payments
