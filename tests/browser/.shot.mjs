import { chromium } from "playwright-core";
import http from "node:http"; import fs from "node:fs"; import path from "node:path";
const TYPES={".html":"text/html; charset=utf-8",".css":"text/css",".js":"text/javascript",".svg":"image/svg+xml"};
const server=http.createServer((q,r)=>{let p=path.join("/tmp/th",decodeURIComponent(new URL(q.url,"http://h").pathname)); if(p.endsWith("/"))p+="index.html"; if(!fs.existsSync(p)){r.writeHead(404);r.end();return} r.writeHead(200,{"content-type":TYPES[path.extname(p)]??"application/octet-stream"}); r.end(fs.readFileSync(p))});
await new Promise(r=>server.listen(0,"127.0.0.1",r)); const base=`http://127.0.0.1:${server.address().port}/`;
const browser=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"]});
// args: width:scheme:full? url name
for(const spec of process.argv.slice(2)){ const [w,scheme,url,name,mode]=spec.split("|");
 const c=await browser.newContext({viewport:{width:+w,height:w<500?800:900},colorScheme:scheme,javaScriptEnabled:mode!=="nojs"}); const p=await c.newPage();
 p.on("console",m=>{ if(!m.text().includes("ERR_")) console.log(name,m.text())}); p.on("pageerror",e=>console.log(name,e.message));
 await p.route("**/*",r=>r.request().url().startsWith(base)||r.request().url().startsWith("data:")?r.continue():r.abort());
 if(mode==="print") await p.emulateMedia({media:"print"});
 await p.goto(base+url); 
 const over=await p.evaluate(()=>[document.documentElement.scrollWidth,innerWidth]); if(over[0]>over[1]) console.log("OVERFLOW",name,over);
 await p.screenshot({path:`/tmp/th/shots/${name}.png`,fullPage:mode!=="top"}); await c.close(); }
await browser.close(); server.close();
