// policy.onnx: reads one observation a line, its numbers separated by commas, and prints one action a line. The policy is what PolicyTransformer.ExportToOnnx
// wrote.
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: AotController <policy.onnx>");
    return 2;
}

using var session = new InferenceSession(args[0]);
using var options = new RunOptions();
var size = session.InputMetadata["Observation"].Dimensions[1];
while (Console.ReadLine() is { } line)
{
    var observation = line.Split(',').Select(number => float.Parse(number, CultureInfo.InvariantCulture)).ToArray();
    if (observation.Length != size)
    {
        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"'{line}' has {observation.Length} numbers, but the policy's observation has {size}."));
        return 1;
    }

    using var input = OrtValue.CreateTensorValueFromMemory(observation, [1, size]);
    using var outputs = session.Run(options, ["Observation"], [input], ["Action"]);
    var action = outputs[0].GetTensorDataAsSpan<float>().ToArray();
    Console.WriteLine(string.Join(",", action.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));
}

return 0;
