namespace MbpoML.Environments.Drawing;

/// <summary>The colors of the tasks that come along. Each is far from white, so that little is lost in gray.</summary>
internal static class Palette
{
    public static Ink Ground => new(120, 124, 130);

    public static Ink Cart => new(30, 64, 120);

    public static Ink Pole => new(176, 56, 24);

    public static Ink Goal => new(40, 110, 60);
}
