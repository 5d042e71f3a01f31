using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// policy.zip observations.csv: prints one line of actions for each line of observations.
if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: MbpoML.PolicyLoader <policy.zip> <observations.csv>");
    return 2;
}

var mlContext = new MLContext();
var policy = mlContext.Model.Load(args[0], out var inputSchema);

var rows = File.ReadLines(args[1])
    .Select(line => new Row { Observation = [.. line.Split(',').Select(number => float.Parse(number, CultureInfo.InvariantCulture))] });
var columns = SchemaDefinition.Create(typeof(Row));
columns[nameof(Row.Observation)].ColumnType = inputSchema[nameof(Row.Observation)].Type;
var actions = policy.Transform(mlContext.Data.LoadFromEnumerable(rows, columns)).GetColumn<float[]>("Action");
foreach (var action in actions) Console.WriteLine(string.Join(",", action.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
return 0;

internal sealed class Row
{
    public float[] Observation { get; set; } = [];
}
