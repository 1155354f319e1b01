"""Stripe's test cards and test payment methods, and what each does.

https://docs.stripe.com/testing. `decline` is what the attempt ends with (code, decline_code,
message), `asks` means 3-D Secure comes first, `slow` that the money is on its way for a while
(a bank debit), `dispute` that the buyer disputes at once, `refund` how a refund of it goes.
"""

import dataclasses

DECLINED = "Your card was declined."
GENERIC = ("card_declined", "generic_decline", DECLINED)


@dataclasses.dataclass(frozen=True)
class Card:
    number: str
    decline: tuple = ()
    asks: bool = False
    slow: bool = False
    dispute: bool = False
    refund: str = "succeeded"

    @property
    def brand(self):
        return {"5": "mastercard", "3": "amex"}.get(self.number[0], "visa")


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("5555555555554444"),
        Card("378282246310005"),
        Card("4000000000000002", GENERIC),
        Card("4000000000009995", ("card_declined", "insufficient_funds",
                                  "Your card has insufficient funds.")),
        Card("4000000000009987", ("card_declined", "lost_card", DECLINED)),
        Card("4000000000009979", ("card_declined", "stolen_card", DECLINED)),
        Card("4000000000000069", ("expired_card", None, "Your card has expired.")),
        Card("4000000000000127", ("incorrect_cvc", None,
                                  "Your card's security code is incorrect.")),
        Card("4000000000000119", ("processing_error", None,
                                  "An error occurred while processing your card. "
                                  "Try again in a little bit.")),
        Card("4000002500003155", asks=True),
        Card("4000002760003184", asks=True),
        Card("4000008400001629", GENERIC, asks=True),
        Card("4000000000000259", dispute=True),
        Card("4000000000007726", refund="pending"),
        Card("4000000000005126", refund="failing"),
        Card("AT611904300234573201", slow=True),
        Card("AT861904300235473202", GENERIC, slow=True),
    )
}  # fmt: skip

PAYMENT_METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_amex": "378282246310005",
    "pm_card_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_chargeDeclinedExpiredCard": "4000000000000069",
    "pm_card_chargeDeclinedIncorrectCvc": "4000000000000127",
    "pm_card_chargeDeclinedProcessingError": "4000000000000119",
    "pm_card_authenticationRequired": "4000002760003184",
    "pm_card_threeDSecure2Required": "4000002500003155",
    "pm_card_createDispute": "4000000000000259",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}
