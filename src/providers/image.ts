/** `<repository>:<tag>` without a digest; the tag is undefined where there is none. */
export function splitImage(image: string): { readonly repository: string; readonly tag: string | undefined } {
  const [named = ''] = image.split('@');
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0
    ? { repository: named, tag: undefined }
    : { repository: named.slice(0, colon), tag: named.slice(colon + 1) };
}
