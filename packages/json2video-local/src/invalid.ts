/** An option, a fault rule, a switch or a file that cannot be used. The message names the field and the reason. */
export class OptionInvalid extends Error {
  override readonly name = 'OptionInvalid';
}
