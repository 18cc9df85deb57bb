"""Words for what is no model, in four languages: tools, which have versions as models do, and what else makers put out."""

from __future__ import annotations

import re

TOOL = re.compile(
    r"(?i)\b(?:benchmarks?|bench|datasets?|frameworks?|toolkits?|platforms?|workspaces?|engine|library|sdk|cli|tools?|ide|databases?|"
    r"apps?|browser|terminal|pipelines?|plugins?|extension|kernel|driver|linux|leaderboard|protocol|editor|simulator|"
    r"command (?:center|line))\b|플랫폼|프레임워크|툴킷|도구|엔진|벤치마크|데이터셋|라이브러리|솔루션|서비스|앱 |"
    r"政策|显卡|芯片|方案|浏览器|耳机|协议|兼容层|内核|发行版|Bug|许可证|建站|项目管理|基准|平台|框架|数据集|数据库|工具|引擎|插件|"
    r"ツール|ベンチマーク|データセット|フレームワーク|ライブラリ"
)
THING = re.compile(rf"{TOOL.pattern}|机器人|로봇|ロボット|手机|手表|眼镜|系统|스마트폰")
# Tools too, and services, agents and devices that models come in.
PRODUCT = re.compile(
    rf"{TOOL.pattern}|\b(?:api|agents?|studio|assistant|plans?|desktop|pc|hub|cloud|kit|suite|devices?|robots?|search|playground|spec)\b|"
    r"에이전트|앱|기기|비서|智能体|应用|硬件|助手|机械臂|手表|手机|眼镜|系统|アプリ|サービス|エージェント|機能|プラットフォーム"
)
