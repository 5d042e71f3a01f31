using System.Globalization;
using System.Xml.Linq;

namespace MbpoML.Mujoco.Native;

/// <summary>The MJCF text of a task, written so that contacts begin at the same distance with every release of MuJoCo.</summary>
internal static class TaskModel
{
    /// <param name="task">The task's name.</param>
    /// <param name="addsMargins">See <see cref="MujocoLibrary.AddsMargins"/>.</param>
    public static string Text(string task, bool addsMargins)
    {
        var text = EmbeddedText.Read($"{task}.xml");
        if (!addsMargins) return text;
        // All geoms of a task have one margin, so half of it for each gives every pair what the larger of the two was before.
        var model = XDocument.Parse(text);
        foreach (var margin in model.Descendants("geom").Attributes("margin"))
            margin.Value = (double.Parse(margin.Value, CultureInfo.InvariantCulture) / 2).ToString("r", CultureInfo.InvariantCulture);
        return model.ToString();
    }
}
