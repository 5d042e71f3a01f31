// A chart as a picture: heading, curves and legend on one canvas, in the colours of the page.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const LineHeight = 20;

    mbpo.pictureOf = function (chart) {
        const style = getComputedStyle(document.documentElement);
        const source = chart.plot.ctx.canvas;
        const scale = source.width / chart.plot.width;
        const width = chart.plot.width + 32;
        const entries = [...new Map(chart.data.lines.map((line) => [line.group.key, line.group])).values()];
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        const font = "13px system-ui, sans-serif";
        const places = placesOf(context, font, entries, width, chart.key.textContent);
        canvas.width = width * scale;
        canvas.height = (56 + chart.plot.height + places.height) * scale;
        context.scale(scale, scale);
        context.fillStyle = style.getPropertyValue("--card");
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.fillStyle = style.getPropertyValue("--text");
        context.font = "600 16px system-ui, sans-serif";
        context.fillText(chart.title, 16, 30);
        context.drawImage(source, 16, 44, chart.plot.width, chart.plot.height);
        context.font = font;
        const top = 44 + chart.plot.height + 22;
        entries.forEach((entry, index) => {
            const { x, y } = places.at[index];
            context.strokeStyle = entry.color;
            context.lineWidth = 3;
            context.setLineDash(entry.dash);
            context.beginPath();
            context.moveTo(x, top + y - 4);
            context.lineTo(x + 22, top + y - 4);
            context.stroke();
            context.fillText(entry.label, x + 28, top + y);
        });
        if (places.key) context.fillText(places.key, 16, top + places.height - LineHeight);
        return canvas;
    };

    function placesOf(context, font, entries, width, key) {
        context.font = font;
        let [x, y] = [16, 0];
        const at = entries.map((entry) => {
            const needs = context.measureText(entry.label).width + 48;
            if (x > 16 && x + needs > width) [x, y] = [16, y + LineHeight];
            const place = { x, y };
            x += needs;
            return place;
        });
        return { at, key, height: y + LineHeight * (key ? 2 : 1) };
    }
})();
