import { normalize } from "../normalize/normalize.ts";

/**
 * Extensions that a computer runs, installs or mounts when somebody opens the file: those that Gmail and Outlook
 * block ("File types blocked in Gmail", "Blocked attachments in Outlook"), and those that make Office or Windows fetch or
 * connect to something. What may be attached is the shorter list of `extensions.ts`; this one tells why not.
 */
const EXECUTABLE = new Set(
  `ade adp apk app appinstaller application appref-ms appx appxbundle asp aspx bas bash bat cab chm cmd com command cpl
  deb diagcab diagcfg diagpkg dll dmg ex ex_ exe gadget grp hlp hta htc img inf ins iso isp jar jnlp js jse ksh lib
  library-ms lnk mam maq mat mde mdt mdw mdz mjs msc msh mshxml msi msix msixbundle msp mst msu nsh ops osd pcd pif pkg
  pl ps1 ps1xml ps2 ps2xml psc1 psd1 psm1 py pyc pyo pyw pyz pyzw rb reg rpm run scf scr sct search-ms settingcontent-ms
  sh shb shs sys theme url vb vbe vbs vhd vhdx vsmacros vxd wasm webpnp website wim ws wsb wsc wsf wsh xbap xll xnk zsh
  rdp one onepkg iqy rqy dqy oqy odc udl slk xla xlam xlt xltm xlm xlsb wll wiz dot dotm ppa ppam pps ppsm potm sldm mht
  mhtml scpt scptd workflow terminal desktop prg pst vsto vsix search-connector-ms symlink xps crx pssc mdb accdb accde`.split(
    /\s+/,
  ),
);

/** Turns the direction of writing around, so that `exe.pdf` is shown for `fdp.exe`. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/;

/**
 * Whether a file of this name would be run: by its last extension, after dots and blanks at the end, look-alike
 * letters, NUL, escapes and alternate streams (`a.exe::$DATA`) are seen through. Text direction marks count as such. Also
 * takes paths inside archives; a folder is not run, unless it is a macOS program.
 */
export function isExecutableName(name: string): boolean {
  if (DIRECTION.test(name) || /\.app\//i.test(name)) return true;
  if (name.endsWith("/")) return false;
  const { folded } = normalize(name.slice(-1_000));
  return [folded, ...name.slice(0, 1_000).split("\0"), ...folded.split(/[:;]/)].some((part) => {
    const extension = /\.([^./\\]*)$/.exec(part.replace(/[.\s"'/\\]+$/, ""))?.[1] ?? "";
    return EXECUTABLE.has(extension.trim().toLowerCase()) || extension.startsWith("{");
  });
}
