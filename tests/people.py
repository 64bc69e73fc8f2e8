"""The people of the tests: an account of each role, its session, its password and the code of its telephone."""

import time

from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

PASSWORD = "un long mot de passe 42"  # noqa: S105


def account(role, name=None):
    user = User.objects.create_user(name or role, password=PASSWORD, is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    return user


def session(user=None):
    """The browser of a user who gave a password; a stranger's without a user."""
    browser = Client()
    if user:
        browser.force_login(user)
    return browser


def log_in(browser, name, password=PASSWORD, **extra):
    return browser.post("/admin/login/", {"username": name, "password": password, "next": "/admin/"}, **extra)


def code(user, ahead=0):
    """The code that the user's telephone shows now, or some steps ahead."""
    return code_of(TOTPDevice.objects.get(user=user), ahead)


def first_code(browser):
    """The code of a telephone that read the secret which this browser was shown last."""
    return code_of(TOTPDevice(key=browser.session["second_facteur_montre"]))


def code_of(device, ahead=0):
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + ahead * device.step
    return f"{totp.token():06d}"
