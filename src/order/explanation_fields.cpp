// The fields of explanations.
#include "order/explanation_fields.hpp"

#include "base/make_schema.hpp"
#include "order/fields.hpp"
#include "pricing/tax_fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<TotalStep>() {
  static const Schema schema = make_schema<TotalStep>(
      "TotalStep", field("kind", &TotalStep::kind, "What the step is about"),
      field("name", &TotalStep::name,
            "Name of the product, promotion, shipping method or tax rate"),
      field("lineItemId", &TotalStep::line_item_id, "Id of the line; empty for shipping"),
      field("quantity", &TotalStep::quantity, "Number of units of an item; null for other steps"),
      field("unitPriceCents", &TotalStep::unit_price_cents,
            "Price of one unit of an item, in minor units of `currency`; null for other steps"),
      field("promotionId", &TotalStep::promotion_id, "Id of a discount's promotion; else empty"),
      field("code", &TotalStep::code,
            "Code by which the promotion applies; null if it applies without one"),
      field("tax", &TotalStep::tax, "The tax; null for other steps"),
      field(
          "rounding", &TotalStep::rounding,
          "What rounding has added to a tax, in minor units of `currency`, as a decimal; null for "
          "other steps"),
      field("amountCents", &TotalStep::amount_cents,
            "Amount that the step adds to the total, in minor units of `currency`: negative for "
            "discounts, 0 for a tax that prices include"),
      field("totalCents", &TotalStep::total_cents,
            "Sum of all steps up to this one, in minor units of `currency`"));
  return schema;
}

template <>
const Schema& schema_of<PaymentStep>() {
  static const Schema schema = make_schema<PaymentStep>(
      "PaymentStep", field("kind", &PaymentStep::kind, "What it is"),
      field("paymentId", &PaymentStep::payment_id, "Id of the payment that it is of"),
      field("refundId", &PaymentStep::refund_id, "Id of a refund; empty for captures and waivers"),
      field("state", &PaymentStep::state, "Its state"),
      field("reason", &PaymentStep::reason, "Why it was made; may be empty"),
      field("amountCents", &PaymentStep::amount_cents,
            "Amount, in minor units of `currency`: negative for refunds"),
      field("taxCents", &PaymentStep::tax_cents,
            "Part of a refund's amount that is tax, in minor units of `currency`"),
      field("paidCents", &PaymentStep::paid_cents,
            "Amount captured less refunds, pending ones too, after this step, in minor units of "
            "`currency`"));
  return schema;
}

template <>
const Schema& schema_of<OrderExplanation>() {
  static const Schema schema = make_schema<OrderExplanation>(
      "OrderExplanation", field("orderId", &OrderExplanation::order_id, "Id of the order"),
      field("number", &OrderExplanation::number, "Number of the order"),
      field("currency", &OrderExplanation::currency, "ISO 4217 code of all amounts"),
      field("steps", &OrderExplanation::steps,
            "Items, discounts, shipping, discounts of shipping, taxes, in this order"),
      field("totalCents", &OrderExplanation::total_cents,
            "Total of the order, the sum of the steps, in minor units of `currency`"),
      field("payments", &OrderExplanation::payments, "All payments of the order, oldest first"),
      field("paymentSteps", &OrderExplanation::payment_steps,
            "Captures, refunds and waived amounts of the payments, oldest first"),
      field("paidCents", &OrderExplanation::paid_cents,
            "Amount captured less refunds, pending ones too, in minor units of `currency`"));
  return schema;
}

}  // namespace resys::fields
