// What the page draws as pictures, each with its heading on one canvas, in the colours of the page.
(function () {
    "use strict";
    const mbpo = window.mbpo;
    const LineHeight = 20;
    const Left = 16;
    const Top = 44;
    const font = "13px system-ui, sans-serif";
    const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

    // A canvas with a heading, in which a pixel of the page is one unit.
    function begin(title, width, height, scale) {
        const canvas = document.createElement("canvas");
        const context = canvas.getContext("2d");
        canvas.width = width * scale;
        canvas.height = height * scale;
        context.scale(scale, scale);
        context.fillStyle = colorOf("--card");
        context.fillRect(0, 0, width, height);
        context.fillStyle = colorOf("--text");
        context.font = "600 16px system-ui, sans-serif";
        context.fillText(title, Left, 30);
        context.font = font;
        return context;
    }

    // Lengths of texts are needed before the size of the canvas is known.
    function widthOf(text) {
        const context = document.createElement("canvas").getContext("2d");
        context.font = font;
        return context.measureText(text).width;
    }

    mbpo.savePicture = (canvas, name) => canvas.toBlob((blob) => mbpo.save(blob, "image/png", `${mbpo.slug(name)}.png`), "image/png");

    // Curves with their legend.
    mbpo.pictureOf = function (chart) {
        const source = chart.plot.ctx.canvas;
        const width = chart.plot.width + 2 * Left;
        const entries = [...new Map(chart.data.lines.map((line) => [line.group.key, line.group])).values()];
        const places = placesOf(entries, width, chart.key.textContent);
        const context = begin(chart.title, width, 56 + chart.plot.height + places.height, source.width / chart.plot.width);
        context.drawImage(source, Left, Top, chart.plot.width, chart.plot.height);
        const top = Top + chart.plot.height + 22;
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
        if (places.key) context.fillText(places.key, Left, top + places.height - LineHeight);
        return context.canvas;
    };

    function placesOf(entries, width, key) {
        let [x, y] = [Left, 0];
        const at = entries.map((entry) => {
            const needs = widthOf(entry.label) + 48;
            if (x > Left && x + needs > width) [x, y] = [Left, y + LineHeight];
            const place = { x, y };
            x += needs;
            return place;
        });
        return { at, key, height: y + LineHeight * (key ? 2 : 1) };
    }

    // Lines, rectangles and texts of a drawing, as its styles paint them.
    mbpo.pictureOfDrawing = function (title, drawing) {
        const box = drawing.viewBox.baseVal;
        const context = begin(title, box.width, Top + box.height, devicePixelRatio);
        context.translate(0, Top);
        drawing.querySelectorAll("polyline, line, rect, text").forEach((shape) => paint(context, shape, getComputedStyle(shape)));
        return context.canvas;
    };

    function paint(context, shape, style) {
        context.save();
        context.lineWidth = parseFloat(style.strokeWidth);
        context.lineJoin = "round";
        context.setLineDash(style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(parseFloat));
        context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        context.textAlign = { middle: "center", end: "right" }[style.textAnchor] || "left";
        const isText = shape.tagName === "text";
        const at = (name) => shape[name].baseVal.value;
        const place = isText ? [shape.textContent, parseFloat(shape.getAttribute("x")), parseFloat(shape.getAttribute("y"))] : null;
        const path = isText ? null : new Path2D();
        if (shape.tagName === "rect") path.rect(at("x"), at("y"), at("width"), at("height"));
        if (shape.tagName === "polyline") [...shape.points].forEach((point) => path.lineTo(point.x, point.y));
        if (shape.tagName === "line") {
            path.moveTo(at("x1"), at("y1"));
            path.lineTo(at("x2"), at("y2"));
        }

        // Texts have their stroke below, so that lines behind them do not hide them.
        if (style.stroke !== "none") {
            context.strokeStyle = style.stroke;
            context.globalAlpha = parseFloat(style.strokeOpacity);
            if (isText) context.strokeText(...place);
            else context.stroke(path);
        }
        if (style.fill !== "none" && shape.tagName !== "line") {
            context.fillStyle = style.fill;
            context.globalAlpha = parseFloat(style.fillOpacity);
            if (isText) context.fillText(...place);
            else context.fill(path);
        }
        context.restore();
    }

    // Bars of parts with the name of each bar before it and its sum behind it: rows: [{ label, total, parts: [{ part, text, color }] }].
    mbpo.pictureOfBars = function (title, key, rows) {
        const [Bar, Row, Thick] = [480, 32, 22];
        const names = Math.max(0, ...rows.map((row) => widthOf(row.label)));
        const totals = Math.max(0, ...rows.map((row) => widthOf(row.total)));
        const width = Math.max(names + Bar + totals + 4 * Left, 2 * Left + key.reduce((sum, entry) => sum + widthOf(entry.label) + 32, 0));
        const context = begin(title, width, Top + LineHeight + 12 + rows.length * Row, devicePixelRatio);
        const write = (text, x, y, color) => {
            context.fillStyle = color;
            context.fillText(text, x, y);
        };
        let x = Left;
        for (const entry of key) {
            context.fillStyle = entry.color;
            context.fillRect(x, Top, 12, 12);
            write(entry.label, x + 18, Top + 11, colorOf("--text"));
            x += widthOf(entry.label) + 32;
        }
        rows.forEach((row, index) => {
            const y = Top + LineHeight + 8 + index * Row;
            write(row.label, Left, y + 16, colorOf("--text"));
            let from = names + 2 * Left;
            for (const { part, text, color } of row.parts) {
                context.fillStyle = color;
                context.fillRect(from, y, part * Bar, Thick);
                write(text, from + (part * Bar - widthOf(text)) / 2, y + 16, "#ffffff");
                from += part * Bar;
            }
            write(row.total, names + Bar + 3 * Left, y + 16, colorOf("--text"));
        });
        return context.canvas;
    };
})();
