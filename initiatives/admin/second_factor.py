"""The second factor of the team: a code of a telephone, or one of ten recovery codes."""

import secrets
import time

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
TELEPHONE = "téléphone"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else


def digest(code: str) -> str:
    """What is kept of a recovery code: nobody who reads the database can use it."""
    return salted_hmac("initiatives.recovery", code.lower().replace(" ", "")).hexdigest()[:16]


def hold(user) -> None:
    """Whatever is done to the second factor of an account is done one at a time, until the transaction ends."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic
def new_device(user, key: str, code: str):
    """The user's first telephone, kept once its code proves `key`; None when it does not, or when there is one already.

    Of two enrolments at once the second finds the first.
    """
    hold(user)
    if not key or TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        return None
    device = TOTPDevice(user=user, name=TELEPHONE, key=key, confirmed=True)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    if not code.isdecimal() or not totp.verify(int(code), device.tolerance):
        return None
    device.drift, device.last_t = totp.drift, totp.t()
    device.save()
    return device


@transaction.atomic
def verified_device(user, code: str):
    """The confirmed device that this code proves, or None. A code serves once; failures slow the next try down."""
    hold(user)
    for device in TOTPDevice.objects.filter(user=user, confirmed=True):
        if code.isdecimal() and device.verify_token(code):
            return device
    for device in StaticDevice.objects.filter(user=user, confirmed=True):
        if not code.isdecimal() and device.verify_token(digest(code)):
            return device
    return None


@transaction.atomic
def new_recovery_codes(user) -> list[str]:
    """Ten new codes, in clear for the only time; the earlier ones are worth nothing from now on."""
    hold(user)
    device, _created = StaticDevice.objects.get_or_create(user=user, defaults={"name": "secours"})
    device.token_set.all().delete()
    codes = ["".join(secrets.choice(ALPHABET) for _index in range(10)) for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=digest(code)) for code in codes)
    return codes


@transaction.atomic
def forget_devices(user) -> None:
    """Takes a second factor away: the next login asks to set up another."""
    hold(user)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
