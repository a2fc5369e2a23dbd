// Passkeys: the browser asks the key, the form carries its answer. Without them the page says so.

const { PublicKeyCredential: Key } = window;

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function prove(form) {
  const { publicKey } = await options(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(publicKey) });
  }
  // One that needs no password beside it: it is found by the key itself, which asks for a PIN or a finger.
  Object.assign(publicKey.authenticatorSelection, {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  });
  return navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(publicKey) });
}

function why(fault) {
  if (!Key?.parseRequestOptionsFromJSON) return "This browser knows no passkeys, or the address is not secure (https).";
  if (fault.name === "InvalidStateError") return "This passkey is already known.";
  if (fault.name === "NotAllowedError") return "It was not confirmed in time. Try again.";
  return "The passkey could not be asked. Try again, or sign in otherwise.";
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-passkey]");
  if (!form || form.elements.credential.value) return;
  event.preventDefault();
  try {
    form.elements.credential.value = JSON.stringify(await prove(form));
    form.submit();
  } catch (fault) {
    const line = form.querySelector(".why[hidden], .why:last-child");
    line.textContent = why(fault);
    line.hidden = false;
  }
});
