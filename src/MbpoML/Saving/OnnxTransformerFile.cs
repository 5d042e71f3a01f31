using Microsoft.ML;
using OnnxOptions = Microsoft.ML.Transforms.Onnx.OnnxOptions;

namespace MbpoML.Saving;

/// <summary>Writes a model as an ML.NET OnnxTransformer, so that a program without this library loads it.</summary>
internal static class OnnxTransformerFile
{
    private const string FileName = "model.onnx";

    /// <summary>Only ML.NET can write into the context, so its own transformer for the same networks saves itself in place of the caller's.</summary>
    /// <param name="mlContext">Makes that transformer.</param>
    /// <param name="model">The ONNX model.</param>
    /// <param name="inputs">The columns that it reads.</param>
    /// <param name="outputs">The columns that it adds.</param>
    /// <param name="noRows">A view without rows that has the inputs.</param>
    /// <param name="to">Receives it.</param>
    /// <param name="renamed">A column of the rows that the model reads under another name, because its output has the column's; null: none.</param>
    public static void Write(
        MLContext mlContext, byte[] model, string[] inputs, string[] outputs, IDataView noRows, ModelSaveContext to,
        (string Column, string Input)? renamed = null)
    {
        var folder = Directory.CreateTempSubdirectory("mbpoml-");
        try
        {
            var file = Path.Combine(folder.FullName, FileName);
            File.WriteAllBytes(file, model);
            var options = new OnnxOptions { ModelFile = file, InputColumns = inputs, OutputColumns = outputs, IntraOpNumThreads = 1 };
            if (renamed is var (column, input))
            {
                using var chain = mlContext.Transforms.CopyColumns(input, column).Append(mlContext.Transforms.ApplyOnnxModel(options))
                    .Append(mlContext.Transforms.DropColumns(input)).Fit(noRows);
                ((ICanSaveModel)chain).Save(to);
                return;
            }

            using var onnx = mlContext.Transforms.ApplyOnnxModel(options).Fit(noRows);
            ((ICanSaveModel)onnx).Save(to);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
