using System.Globalization;

namespace Quickstart;

/// <summary>What can be said on the command line.</summary>
internal static class Arguments
{
    public static (int Seed, string Folder, string[] Assignments) Parse(string[] args)
    {
        var (seed, folder) = (1, Path.Combine("runs", "quickstart"));
        for (var index = 0; index < args.Length; index += 2)
        {
            var value = index + 1 < args.Length ? args[index + 1] : null;
            if (args[index] == "--seed" && int.TryParse(value, CultureInfo.InvariantCulture, out var given)) seed = given;
            else if (args[index] == "--out" && value is not null) folder = value;
            else if (args[index] == "--set" && value is not null) return (seed, folder, args[(index + 1)..]);
            else Stop($"'{string.Join(' ', args[index..])}' is not understood. Allowed: --seed NUMBER, --out FOLDER, --set Option=Value ...");
        }

        return (seed, folder, []);
    }

    private static void Stop(string message)
    {
        Console.Error.WriteLine(message);
        Environment.Exit(2);
    }
}
