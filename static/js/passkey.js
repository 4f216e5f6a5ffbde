// @ts-check
// Passkeys: a form with `data-passkey` (`create`, `get` or `sign-in`) asks the browser for one and sends it in `credential`.
// The options stand in the JSON element named by `data-options`; at sign-in they are fetched, because each serves once.

/** @param {string} words @param {HTMLElement} form */
function say(form, words) {
  const place = form.querySelector("[data-passkey-words]");
  if (place) place.textContent = words;
}

/** @param {HTMLFormElement} form @returns {Promise<any>} */
async function optionsFor(form) {
  if (form.dataset.passkey === "sign-in") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options.publicKey;
  }
  const options = JSON.parse(document.getElementById(form.dataset.options ?? "")?.textContent ?? "{}");
  return (options.creation_options ?? options.request_options).publicKey;
}

/** @param {HTMLFormElement} form */
async function askFor(form) {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "create") {
    options.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  if (!("PublicKeyCredential" in window) || !("parseCreationOptionsFromJSON" in PublicKeyCredential)) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    try {
      const credential = await askFor(form);
      const field = form.elements.namedItem("credential");
      if (!(credential instanceof PublicKeyCredential) || !(field instanceof HTMLInputElement)) return;
      field.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      say(form, form.dataset.failed ?? ""); // Cancelled, no passkey here, or the address cannot have one.
    }
  });
}
